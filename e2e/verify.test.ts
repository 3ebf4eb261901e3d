import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { type Plant, type PlantedMall, testRule, usePlantedMall } from "./support/planted.ts";

forEachDatabase("mall verify, of payments and orders,", (databases) => {
  const mall = usePlantedMall(databases);
  const rule = (title: string, plantOf: (planted: PlantedMall) => Plant | Promise<Plant>) =>
    testRule(title, mall, plantOf);

  it("says that all is well with purchases of every kind, and how much it compared", async () => {
    const { verified, differences } = await mall().verify();
    assert.deepEqual(differences, []);
    const { payments, orders, ordersWithPieces } = verified;
    assert.deepEqual([payments, orders, ordersWithPieces], [9, 12, 12]);
  });

  rule("names a payment whose order was cancelled, while nothing goes back", ({ scene, longAgo }) => {
    const { oid, id } = scene.paid;
    return {
      change: [
        `UPDATE \`order\` SET status = 9 WHERE id = ${oid}`,
        `UPDATE pay SET paid_time = '${longAgo}' WHERE id = ${id}`,
      ],
      undo: [`UPDATE \`order\` SET status = 1 WHERE id = ${oid}`],
      kinds: ["PAID_UNHEARD", "PIECES_KEPT", "STOCK_SUM"],
      text: new RegExp(
        `PAID_UNHEARD: pay ${id}, order ${oid}: 500 CNY came by attempt \\d+ \\(.*\\), but the order is cancelled, and nothing goes back, since 2020-01-02T00:00:00.000Z`,
      ),
    };
  });

  rule(
    "names a payment of which only a part goes back, and whose order is not paid",
    ({ scene, longAgo }) => {
      const { oid, id } = scene.partlyRefunded;
      return {
        change: [
          `UPDATE \`order\` SET status = 0, expire_time = NULL WHERE id = ${oid}`,
          `UPDATE pay SET paid_time = '${longAgo}' WHERE id = ${id}`,
        ],
        undo: [`UPDATE \`order\` SET status = 1 WHERE id = ${oid}`],
        kinds: ["PAID_UNHEARD"],
        text: new RegExp(`pay ${id}, order ${oid}: .* the order is unpaid, and only 200 goes back`),
      };
    },
  );

  rule("names a payment whose order is not there", ({ scene, longAgo }) => {
    const { oid, id } = scene.accepted;
    return {
      change: [
        `UPDATE pay SET oid = 999999, paid_time = '${longAgo}' WHERE id = ${id}`,
        `UPDATE \`order\` SET status = 9 WHERE id = ${oid}`,
      ],
      undo: [
        `UPDATE pay SET oid = ${oid} WHERE id = ${id}`,
        `UPDATE \`order\` SET status = 1 WHERE id = ${oid}`,
      ],
      kinds: ["PAID_UNHEARD", "PIECES_KEPT", "STOCK_SUM"],
      text: /order 999999: 700 CNY came .*, but its order is not there/,
    };
  });

  rule("names a payment that a Go process made paid and whose order does not know", ({ scene, longAgo }) => {
    const { oid, id } = scene.closed;
    return {
      change: [
        `UPDATE pay SET status = 1, source = 1, update_time = '${longAgo}' WHERE id = ${id}`,
        `UPDATE \`order\` SET amount = amount WHERE id = ${oid}`,
      ],
      undo: [`UPDATE pay SET status = 2, source = 0 WHERE id = ${id}`],
      kinds: ["PAID_UNHEARD"],
      text: new RegExp(`pay ${id}, order ${oid}: 500 CNY came by a process without attempts`),
    };
  });

  rule(
    "names a paid order whose money goes back because it could not be had",
    async ({ scene, longAgo, number }) => {
      const { oid, id } = scene.gone;
      const refund = await number(`SELECT id FROM pay_refund WHERE pay_id = ${id}`);
      const receipt = await number(
        `SELECT id FROM ledger_entry WHERE txn_key = 'refund:${refund}' AND line = 0`,
      );
      return {
        change: [
          `UPDATE \`order\` SET status = 1 WHERE id = ${oid}`,
          `UPDATE pay SET status = 1, refunded_amount = 0, refunding_amount = 500 WHERE id = ${id}`,
          `UPDATE pay_refund SET state = 4, create_time = '${longAgo}' WHERE id = ${refund}`,
          `UPDATE ledger_entry SET txn_key = 'refund:9${receipt}' WHERE txn_key = 'refund:${refund}'`,
        ],
        undo: [
          `UPDATE \`order\` SET status = 2 WHERE id = ${oid}`,
          `UPDATE pay SET status = 3, refunded_amount = 500, refunding_amount = 0 WHERE id = ${id}`,
          `UPDATE pay_refund SET state = 2 WHERE id = ${refund}`,
          `UPDATE ledger_entry SET txn_key = 'refund:${refund}' WHERE txn_key = 'refund:9${receipt}'`,
        ],
        kinds: ["ENTRY_WITHOUT_CAUSE", "PAID_GOES_BACK", "PIECES_NOT_TAKEN", "STOCK_SUM", "TOTAL"],
        text: new RegExp(`PAID_GOES_BACK: pay ${id}, order ${oid}: refund ${refund} gives 500 back`),
      };
    },
  );

  rule("names an order that was not told that all its money went back", ({ scene }) => {
    const { oid, id } = scene.refunded;
    return {
      change: [`UPDATE \`order\` SET status = 9 WHERE id = ${oid}`],
      undo: [`UPDATE \`order\` SET status = 2 WHERE id = ${oid}`],
      kinds: ["REFUND_UNHEARD"],
      text: new RegExp(`pay ${id}, order ${oid}: all 500 CNY went back, but the order is cancelled`),
    };
  });

  rule("names an order that is refunded while its payment is not", ({ scene }) => {
    const { oid, id } = scene.closed;
    return {
      change: [`UPDATE \`order\` SET status = 2 WHERE id = ${oid}`],
      undo: [`UPDATE \`order\` SET status = 9 WHERE id = ${oid}`],
      kinds: ["REFUNDED_EARLY"],
      text: new RegExp(`pay ${id}, order ${oid}: the order is refunded, but its payment is closed`),
    };
  });

  rule("names a paid order whose payment had no success", ({ scene }) => {
    const { oid, id } = scene.open;
    return {
      change: [`UPDATE \`order\` SET status = 1 WHERE id = ${oid}`],
      undo: [`UPDATE \`order\` SET status = 0 WHERE id = ${oid}`],
      kinds: ["ORDER_WITHOUT_MONEY"],
      text: new RegExp(`pay ${id}, order ${oid}: the order is paid, but its payment is created`),
    };
  });

  rule("names a paid order without a payment", ({ scene }) => ({
    change: [`UPDATE \`order\` SET status = 2 WHERE id = ${scene.cancelled}`],
    undo: [`UPDATE \`order\` SET status = 9 WHERE id = ${scene.cancelled}`],
    kinds: ["ORDER_WITHOUT_MONEY"],
    text: new RegExp(`order ${scene.cancelled}: refunded, and it has no payment`),
  }));

  rule("names an order that stays unpaid while its payment is closed", ({ scene }) => {
    const { oid, id } = scene.open;
    const attempts = `pay_id = ${id}`;
    return {
      change: [
        `UPDATE pay SET status = 2 WHERE id = ${id}`,
        `UPDATE pay_attempt SET state = 4 WHERE ${attempts}`,
      ],
      undo: [
        `UPDATE pay SET status = 0 WHERE id = ${id}`,
        `UPDATE pay_attempt SET state = 1 WHERE ${attempts}`,
      ],
      kinds: ["CLOSED_UNHEARD"],
      text: new RegExp(`pay ${id}, order ${oid}: closed, but the order is unpaid`),
    };
  });

  rule("names a paid order that costs another amount than what came", ({ scene }) => {
    const { oid, id } = scene.paid;
    return {
      change: [`UPDATE \`order\` SET amount = 900 WHERE id = ${oid}`],
      undo: [`UPDATE \`order\` SET amount = 500 WHERE id = ${oid}`],
      kinds: ["AMOUNT"],
      text: new RegExp(
        `pay ${id}, order ${oid}: the order costs 900, the payment 500 CNY, attempt \\d+ asked for 500 and got 500 CNY`,
      ),
    };
  });

  rule("names a payment of another amount than what its attempt asked for", async ({ scene }) => {
    const { oid, id } = scene.reopened;
    return {
      change: [
        `UPDATE pay SET amount = 900 WHERE id = ${id}`,
        `UPDATE \`order\` SET amount = 900 WHERE id = ${oid}`,
      ],
      undo: [
        `UPDATE pay SET amount = 500 WHERE id = ${id}`,
        `UPDATE \`order\` SET amount = 500 WHERE id = ${oid}`,
      ],
      kinds: ["AMOUNT"],
      text: new RegExp(`pay ${id}, order ${oid}: the order costs 900, the payment 900 CNY`),
    };
  });

  rule("names an open attempt that asks for another amount than its payment", ({ scene }) => {
    const { id } = scene.open;
    return {
      change: [`UPDATE pay_attempt SET amount = 400 WHERE pay_id = ${id}`],
      undo: [`UPDATE pay_attempt SET amount = 500 WHERE pay_id = ${id}`],
      kinds: ["ATTEMPT_PRICE"],
      text: new RegExp(`attempt \\d+ \\(.*\\) of pay ${id}: asks for 400 CNY, the payment for 500 CNY`),
    };
  });

  rule("names a payment and an order of two users", ({ scene }) => {
    const { oid, id } = scene.paid;
    return {
      change: [`UPDATE pay SET uid = 4711 WHERE id = ${id}`],
      undo: [`UPDATE pay SET uid = ${scene.uid} WHERE id = ${id}`],
      kinds: ["OWNER"],
      text: new RegExp(`pay ${id}, order ${oid}: the payment is of user 4711`),
    };
  });

  rule("names two successes of one payment", async ({ scene, number }) => {
    const { id } = scene.open;
    const attempt = await number(`SELECT MAX(id) FROM pay_attempt WHERE pay_id = ${id} AND state = 1`);
    const paid = await number(
      `SELECT MAX(id) FROM pay_attempt WHERE pay_id = ${scene.paid.id} AND state = 2`,
    );
    return {
      change: [`UPDATE pay_attempt SET pay_id = ${scene.paid.id}, state = 2 WHERE id = ${attempt}`],
      undo: [`UPDATE pay_attempt SET pay_id = ${id}, state = 1 WHERE id = ${attempt}`],
      kinds: ["AMOUNT", "ENTRY_MISSING", "STATE", "SUCCESS_TWICE"],
      text: new RegExp(
        `SUCCESS_TWICE: pay ${scene.paid.id}, order \\d+: paid by attempt (${attempt}|${paid}) .* and attempt`,
      ),
    };
  });

  rule("names a closed payment for which a channel may still take money", async ({ scene }) => {
    const { oid, id } = scene.open;
    return {
      change: [
        `UPDATE pay SET status = 2 WHERE id = ${id}`,
        `UPDATE \`order\` SET status = 2 WHERE id = ${oid}`,
      ],
      undo: [
        `UPDATE pay SET status = 0 WHERE id = ${id}`,
        `UPDATE \`order\` SET status = 0 WHERE id = ${oid}`,
      ],
      kinds: ["CLOSED_OPEN", "PIECES_KEPT", "REFUNDED_EARLY", "STOCK_SUM"],
      text: new RegExp(`CLOSED_OPEN: attempt \\d+ \\(.*\\) of pay ${id}: pending, but its payment is closed`),
    };
  });
});
