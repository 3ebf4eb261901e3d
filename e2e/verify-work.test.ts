import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { OLDER_THAN_MS, type Plant, type PlantedMall, testRule, usePlantedMall } from "./support/planted.ts";

const NO_ATTEMPT = 99_999_999;

forEachDatabase("mall verify, of stock and of what goes on,", (databases) => {
  const mall = usePlantedMall(databases);
  const rule = (title: string, plantOf: (planted: PlantedMall) => Plant | Promise<Plant>) =>
    testRule(title, mall, plantOf);

  rule("names a payment that is not closed long after its end", ({ scene, longAgo, longAgoMs }) => ({
    change: [
      `UPDATE pay SET expire_time = '${longAgo}' WHERE id = ${scene.open.id}`,
      `UPDATE pay_attempt SET state = 3 WHERE pay_id = ${scene.open.id}`,
    ],
    undo: [
      `UPDATE pay SET expire_time = NULL WHERE id = ${scene.open.id}`,
      `UPDATE pay_attempt SET state = 1 WHERE pay_id = ${scene.open.id}`,
    ],
    kinds: ["PAY_OVERDUE"],
    text: new RegExp(`pay ${scene.open.id}, order .*: unpaid and not closed, since ${isoOf(longAgoMs)}`),
  }));

  rule("names an order that is not cancelled long after its end", ({ scene, longAgo, longAgoMs }) => ({
    change: [`UPDATE \`order\` SET expire_time = '${longAgo}' WHERE id = ${scene.open.oid}`],
    undo: [`UPDATE \`order\` SET expire_time = NULL WHERE id = ${scene.open.oid}`],
    kinds: ["ORDER_OVERDUE"],
    text: new RegExp(`order ${scene.open.oid}: unpaid and not cancelled, since ${isoOf(longAgoMs)}`),
  }));

  for (const [name, state] of Object.entries({ created: 0, pending: 1, unknown: 5 })) {
    rule(`names an attempt that is ${name} long after its end`, ({ scene, longAgo }) => ({
      change: [
        `UPDATE pay_attempt SET state = ${state}, expire_time = '${longAgo}' WHERE pay_id = ${scene.open.id}`,
      ],
      undo: [`UPDATE pay_attempt SET state = 1, expire_time = NULL WHERE pay_id = ${scene.open.id}`],
      kinds: ["ATTEMPT_OVERDUE"],
      text: new RegExp(`attempt \\d+ \\(.*\\) of pay ${scene.open.id}: ${name}, since 2020`),
    }));
  }

  it("gives what its channel has not heard of, and its order, a minute more", async () => {
    const { scene, database, write, verify } = mall();
    const end = database.times.toText(new Date(Date.now() - OLDER_THAN_MS - 30_000));
    const ends = (time: string) => [
      `UPDATE pay_attempt SET expire_time = ${time} WHERE pay_id = ${scene.open.id}`,
      `UPDATE \`order\` SET expire_time = ${time} WHERE id = ${scene.open.oid}`,
    ];
    await write(ends(`'${end}'`));
    const { findings, differences } = await verify();
    await write(ends("NULL"));
    assert.deepEqual(differences, []);
    const kinds = findings.map(({ kind }) => kind);
    for (const kind of ["ATTEMPT_OVERDUE", "ORDER_OVERDUE"]) assert.ok(kinds.includes(kind), kinds.join());
  });

  rule("names an open attempt that no job asks about", async ({ scene, number }) => {
    const id = await number(`SELECT id FROM pay_attempt WHERE pay_id = ${scene.open.id}`);
    const key = `unique_key = 'query-attempt-${id}'`;
    return {
      change: [`UPDATE job SET state = 1 WHERE ${key}`],
      undo: [`UPDATE job SET state = 0 WHERE ${key}`],
      kinds: ["ATTEMPT_UNWATCHED"],
      text: new RegExp(`attempt ${id} \\(.*\\) of pay ${scene.open.id}: pending, and no job sees to it`),
    };
  });

  rule("names an open attempt whose job is dead, and the job", async ({ scene, number }) => {
    const id = await number(`SELECT id FROM pay_attempt WHERE pay_id = ${scene.open.id}`);
    const key = `unique_key = 'query-attempt-${id}'`;
    const job = await number(`SELECT id FROM job WHERE ${key}`);
    return {
      change: [`UPDATE job SET state = 2, error = 'for a reason' WHERE ${key}`],
      undo: [`UPDATE job SET state = 0, error = '' WHERE ${key}`],
      kinds: ["ATTEMPT_UNWATCHED", "JOB_DEAD"],
      text: new RegExp(
        `its job ${job} is dead[^]*JOB_DEAD: job ${job} \\(pay.query-attempt .*: for a reason`,
      ),
    };
  });

  rule("names a refund that no job has made", async ({ scene, number }) => {
    const { id } = scene.partlyRefunded;
    const refund = await number(`SELECT id FROM pay_refund WHERE pay_id = ${id}`);
    return {
      change: [
        `UPDATE pay SET status = 1, refunded_amount = 0, refunding_amount = 200 WHERE id = ${id}`,
        `UPDATE pay_refund SET state = 1 WHERE id = ${refund}`,
      ],
      undo: [
        `UPDATE pay SET status = 4, refunded_amount = 200, refunding_amount = 0 WHERE id = ${id}`,
        `UPDATE pay_refund SET state = 2 WHERE id = ${refund}`,
      ],
      kinds: ["ENTRY_WITHOUT_CAUSE", "REFUND_UNWATCHED", "TOTAL"],
      text: new RegExp(`refund ${refund} \\(R-${id}\\) of pay ${id}: processing, and no job sees to it`),
    };
  });

  rule("names a notification that nobody acts on", async ({ number }) => {
    const id = await number("SELECT MAX(id) FROM pay_notify");
    return {
      change: [`UPDATE pay_notify SET state = 0 WHERE id = ${id}`],
      undo: [`UPDATE pay_notify SET state = 1 WHERE id = ${id}`],
      kinds: ["NOTIFY_UNWATCHED"],
      text: new RegExp(`notification ${id} \\(sandbox .*\\): stored, and never acted on`),
    };
  });

  rule("names none that a job of its account acts on", async ({ number }) => {
    const id = await number("SELECT MAX(id) FROM pay_notify");
    return {
      change: [
        `UPDATE pay_notify SET state = 0 WHERE id IN (${id}, ${id} - 1)`,
        `INSERT INTO job (queue, kind, payload, due_at, created_at) VALUES ('pay', 'pay.notify@alipay', '{"notifyId":${id}}', ${FAR_AHEAD}, 0)`,
      ],
      undo: [
        `UPDATE pay_notify SET state = 1 WHERE id IN (${id}, ${id} - 1)`,
        `DELETE FROM job WHERE due_at = ${FAR_AHEAD}`,
      ],
      kinds: ["NOTIFY_UNWATCHED"],
      text: new RegExp(`^NOTIFY_UNWATCHED: notification ${id - 1} .*: stored, and never acted on$`),
    };
  });

  rule("names a job that nobody has done long after it was due", ({ longAgoMs }) => ({
    change: [
      `INSERT INTO job (queue, kind, payload, due_at, created_at) VALUES ('pay', 'pay.notify', '{"notifyId":${NO_ATTEMPT}}', ${longAgoMs}, ${longAgoMs})`,
    ],
    undo: [`DELETE FROM job WHERE due_at = ${longAgoMs}`],
    kinds: ["JOB_LATE"],
    text: new RegExp(`job \\d+ \\(pay.notify {"notifyId":${NO_ATTEMPT}}\\): due, since ${isoOf(longAgoMs)}`),
  }));

  rule("names a saga that has gone on for too long", ({ longAgo, longAgoMs }) => ({
    change: [
      `INSERT INTO saga (gid, kind, payload, create_time) VALUES ('g-1', 'order.create', '{"pid":77,"num":1}', '${longAgo}')`,
      `INSERT INTO job (queue, kind, payload, due_at, created_at) VALUES ('order', 'saga.drive', '{"gid":"g-1"}', ${FAR_AHEAD}, 0)`,
    ],
    undo: ["DELETE FROM saga WHERE gid = 'g-1'", `DELETE FROM job WHERE due_at = ${FAR_AHEAD}`],
    kinds: ["SAGA_OPEN"],
    text: new RegExp(`saga g-1 \\(order.create\\): under way, since ${isoOf(longAgoMs)}`),
  }));

  rule("names a saga that no job drives, however young", ({ database }) => ({
    change: [
      `INSERT INTO saga (gid, kind, payload, create_time) VALUES ('g-2', 'order.create', '{}', '${database.times.toText(new Date())}')`,
    ],
    undo: ["DELETE FROM saga WHERE gid = 'g-2'"],
    kinds: ["SAGA_UNDRIVEN"],
    text: /saga g-2 \(order.create\): under way, since .*, and no job drives it/,
  }));

  rule(
    "names a key in hand for too long, but not the key itself, which is its client's",
    ({ longAgoMs }) => ({
      change: [
        `INSERT INTO idempotency (owner, idempotency_key, method, request_hash, reference, created_at) VALUES ('user:7', 'secret', '/pay.Pay/Prepay', '', 'prepay-P1', ${longAgoMs})`,
      ],
      undo: ["DELETE FROM idempotency WHERE idempotency_key = 'secret'"],
      kinds: ["KEY_OPEN"],
      text: /^KEY_OPEN: idempotency \d+ \(user:7, \/pay.Pay\/Prepay, for prepay-P1\): no answer, since 2020\S*$/,
    }),
  );

  rule("names an order whose pieces were never taken", async ({ scene }) => ({
    // As if a saga had written it, which leaves a barrier where it took the pieces.
    change: [`UPDATE \`order\` SET gid = CONCAT('order-', gid) WHERE id = ${scene.paid.oid}`],
    undo: [`UPDATE \`order\` SET gid = SUBSTR(gid, 7) WHERE id = ${scene.paid.oid}`],
    kinds: ["PIECES_NOT_TAKEN"],
    text: new RegExp(
      `order ${scene.paid.oid}, product ${scene.pid}: paid, and 1 were not taken when it was created`,
    ),
  }));

  rule("names an order that was brought back without a piece", async ({ scene }) => ({
    change: [`UPDATE \`order\` SET reservation = 2 WHERE id = ${scene.reopened.oid}`],
    undo: [`UPDATE \`order\` SET reservation = 1 WHERE id = ${scene.reopened.oid}`],
    kinds: ["PIECES_KEPT", "PIECES_NOT_TAKEN"],
    text: new RegExp(
      `order ${scene.reopened.oid}, .* were not taken when it was brought back for the 2. time`,
    ),
  }));

  rule("names a cancelled order that kept its pieces", async ({ scene }) => {
    const release = `CONCAT(${gidOf(scene.cancelled)}, '-release-0')`;
    return {
      change: [`UPDATE barrier SET gid = 'moved' WHERE gid = ${release}`],
      undo: [`UPDATE barrier SET gid = ${release} WHERE gid = 'moved'`],
      kinds: ["PIECES_KEPT"],
      text: new RegExp(
        `order ${scene.cancelled}, product ${scene.pid}: cancelled, and 1 taken when it was created did not`,
      ),
    };
  });

  rule("names a paid order whose pieces went back to stock", async ({ scene }) => ({
    change: [
      `INSERT INTO barrier (trans_type, gid, branch_id, op, barrier_id, reason) SELECT 'msg', CONCAT(gid, '-release-0'), '01', 'action', '01', 'action' FROM \`order\` WHERE id = ${scene.paid.oid}`,
    ],
    undo: [`DELETE FROM barrier WHERE gid = CONCAT(${gidOf(scene.paid.oid)}, '-release-0')`],
    kinds: ["PIECES_GIVEN_TWICE"],
    text: new RegExp(
      `order ${scene.paid.oid}, .*: paid, and 1 taken when it was created went back once too often`,
    ),
  }));

  rule("names a product whose pieces do not add up to what there were", ({ scene }) => ({
    change: [`UPDATE product SET stock = stock + 1 WHERE id = ${scene.pid}`],
    undo: [`UPDATE product SET stock = stock - 1 WHERE id = ${scene.pid}`],
    kinds: ["STOCK_SUM"],
    text: new RegExp(`product ${scene.pid}: 15 in stock, 6 ordered and 0 on the way, of 20`),
  }));

  it("takes what somebody works on for under way, and nothing that only waits for its buyer", async () => {
    const { scene, write, verify, longAgo } = mall();
    const { oid, id } = scene.paid;
    await write([
      `UPDATE \`order\` SET status = 9 WHERE id = ${oid}`,
      `UPDATE pay SET paid_time = '${longAgo}' WHERE id = ${id}`,
      `INSERT INTO job (queue, kind, unique_key, payload, due_at, created_at) VALUES ('pay', 'pay.order-paid', 'order-paid-${id}', '{"payId":${id}}', ${FAR_AHEAD}, 0)`,
      `UPDATE barrier SET gid = 'moved' WHERE gid = CONCAT(${gidOf(scene.cancelled)}, '-release-0')`,
      `UPDATE job SET state = 0, due_at = ${FAR_AHEAD} WHERE payload LIKE CONCAT('%', ${gidOf(scene.cancelled)}, '-release-0%')`,
    ]);
    const { findings, differences } = await verify();
    const underWay = findings.filter(({ isUnderWay }) => isUnderWay).map(({ kind }) => kind);
    // The order was cancelled by hand, so that nobody gives its piece back; the other one's is on its way.
    assert.deepEqual(
      differences.map(({ kind, rows }) => [kind, rows.order]),
      [["PIECES_KEPT", oid]],
    );
    assert.deepEqual(underWay.toSorted(), ["JOB_LATE", "JOB_LATE", "PAID_UNHEARD", "PIECES_KEPT"]);
    await write([
      `UPDATE \`order\` SET status = 1 WHERE id = ${oid}`,
      `UPDATE job SET state = 1 WHERE due_at = ${FAR_AHEAD}`,
      `UPDATE barrier SET gid = CONCAT(${gidOf(scene.cancelled)}, '-release-0') WHERE gid = 'moved'`,
    ]);
    assert.deepEqual(
      (await verify()).findings.filter(({ kind }) => kind !== "JOB_LATE"),
      [],
    );
  });
});

/** Milliseconds since the epoch of a time that no test sees. */
const FAR_AHEAD = Date.UTC(2090, 0, 1);

/** SQL for the saga that wrote an order. */
function gidOf(oid: number): string {
  return `(SELECT gid FROM \`order\` WHERE id = ${oid})`;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString().replaceAll(".", "\\.");
}
