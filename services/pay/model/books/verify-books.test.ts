import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { SqlValue } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import { recordSuccess } from "../../receipt/record-success.ts";
import { call, openPayWorld, type PayWorld } from "../../rpc/test-pay-world.ts";
import { type Difference, verifyBooks } from "./verify-books.ts";

/** Rows of the books that a test changes, by what they tell of. */
interface Ids {
  readonly paid: number;
  readonly accepted: number;
  readonly surplus: number;
}

forEachDatabase("books", (databases) => {
  let world: PayWorld;
  let ids: Ids;
  before(async () => {
    world = await openPayWorld(databases);
    ids = await makeMoney(world);
  });
  after(() => world.close());

  const verify = async () => {
    const differences: Difference[] = [];
    const books = await verifyBooks(world.database, (difference) => differences.push(difference));
    assert.equal(books.differences, differences.length);
    return { books, differences, kinds: [...new Set(differences.map(({ kind }) => kind))].toSorted() };
  };
  const write = (sql: string, ...parameters: SqlValue[]) => world.database.write({ sql, parameters });
  const value = async (sql: string, ...parameters: SqlValue[]): Promise<number> => {
    const [row] = await world.database.read({ sql, parameters });
    return Number(Object.values(row ?? {})[0]);
  };

  it("are the payments after successes, fees, refunds, surplus and held money", async () => {
    const { books, differences } = await verify();
    assert.deepEqual(differences, []);
    const balances = books.accounts.map(({ account, currency, debit, credit }) => [
      `${account} ${currency}`,
      debit - credit,
    ]);
    assert.deepEqual(Object.fromEntries(balances), {
      // 500 + 500 by callback and bank, 600 accepted, one surplus back, 200 and 100 refunded; 0.6 % stay there.
      "channel:callback CNY": 400,
      "channel:sandbox CNY": 887,
      "channel:sandbox USD": 1,
      "fees CNY": 13,
      "sales CNY": -1300,
      "suspense CNY": 0,
      "suspense USD": -1,
    });
    for (const { debit, credit, byPayments } of books.accounts) assert.equal(debit - credit, byPayments);
    assert.equal(books.payments, 6);
  });

  it("are looked through no faster than what differs is taken", async () => {
    let [taking, overtaken] = [0, 0];
    const database: Parameters<typeof verifyBooks>[0] = {
      snapshot: (work) =>
        world.database.snapshot((snapshot) =>
          work({
            read: (statement) => {
              overtaken += taking;
              return snapshot.read(statement);
            },
          }),
        ),
    };
    await write("UPDATE ledger_entry SET debit = debit + 1 WHERE debit > 0");
    const { differences } = await verifyBooks(database, async () => {
      taking += 1;
      await new Promise(setImmediate);
      taking -= 1;
    });
    await write("UPDATE ledger_entry SET debit = debit - 1 WHERE debit > 0");
    assert.ok(differences > 0);
    assert.equal(overtaken, 0);
  });

  it("tell of payments that a process without books made paid, which is no difference", async () => {
    const { id } = await world.openPay();
    await write("UPDATE pay SET status = 1, source = 1 WHERE id = ?", id);
    const { books, differences } = await verify();
    assert.deepEqual(differences, []);
    assert.deepEqual([books.unbooked, books.unbookedIds], [1, [id]]);
    await write("DELETE FROM pay WHERE id = ?", id);
  });

  it("show what of disputes was changed outside of mall", async () => {
    const attempt = await value("SELECT id FROM pay_attempt WHERE pay_id = ? AND state = 2", ids.paid);
    const { disputeMoveModel, ledger } = world.context;
    const row = {
      payId: ids.paid,
      attemptId: attempt,
      channel: "sandbox",
      disputeNo: "dp_1",
      moveNo: "txn_1",
    };
    const id = await world.database.transaction(async (tx) => {
      const move = await disputeMoveModel.insert({ ...row, amount: -300, fee: 15, currency: "CNY" }, tx);
      const lines = [
        { account: "channel:sandbox", credit: 315 },
        { account: "fees", debit: 15 },
        { account: "disputes", debit: 300 },
      ];
      await ledger.post(tx, { key: `dispute:${move}`, payId: ids.paid, currency: "CNY", lines });
      return move;
    });
    const { books, differences } = await verify();
    assert.deepEqual([differences, books.disputeMoves], [[], 1]);
    for (const [change, undo, kinds] of [
      ["amount = -299", "amount = -300", ["ENTRY_WRONG", "TOTAL"]],
      ["attempt_id = 999999", `attempt_id = ${attempt}`, ["ROW_ORPHANED"]],
    ] as const) {
      await write(`UPDATE pay_dispute_move SET ${change} WHERE id = ?`, id);
      assert.deepEqual((await verify()).kinds, kinds, change);
      await write(`UPDATE pay_dispute_move SET ${undo} WHERE id = ?`, id);
    }
    await write("DELETE FROM pay_dispute_move WHERE id = ?", id);
    assert.deepEqual((await verify()).kinds, ["ENTRY_WITHOUT_CAUSE", "TOTAL"]);
    await write("DELETE FROM ledger_entry WHERE txn_key = ?", `dispute:${id}`);
    assert.deepEqual((await verify()).differences, []);
  });

  it("show what was changed outside of mall, each with its ids", async () => {
    const receipt = await value("SELECT id FROM pay_attempt WHERE pay_id = ? AND state = 2", ids.paid);
    const refund = await value("SELECT id FROM pay_refund WHERE pay_id = ? AND state = 2", ids.paid);
    const accepted = await value("SELECT id FROM pay_attempt WHERE pay_id = ?", ids.accepted);
    const back = await value("SELECT id FROM pay_refund WHERE pay_id = ? AND cause = 'surplus'", ids.surplus);
    const surplus = await value("SELECT id FROM pay_attempt WHERE pay_id = ? AND state = 6", ids.surplus);
    const line = "INSERT INTO ledger_entry (txn_key, line, account, debit, credit, currency, pay_id) VALUES";
    const plants: [change: string, undo: string, kinds: string[], text: RegExp][] = [
      [
        `UPDATE ledger_entry SET debit = debit + 1 WHERE txn_key = 'receipt:${receipt}' AND line = 0`,
        `UPDATE ledger_entry SET debit = debit - 1 WHERE txn_key = 'receipt:${receipt}' AND line = 0`,
        ["ENTRY_WRONG", "TOTAL", "UNBALANCED"],
        new RegExp(
          `^attempt ${receipt} \\(.* payment ${ids.paid}\\) needs receipt:${receipt}: .*; in the books: `,
        ),
      ],
      [
        `UPDATE ledger_entry SET account = 'suspense' WHERE txn_key = 'receipt:${receipt}' AND account = 'sales'`,
        `UPDATE ledger_entry SET account = 'sales' WHERE txn_key = 'receipt:${receipt}' AND account = 'suspense'`,
        ["ENTRY_WRONG", "TOTAL"],
        /account sales stands at -800 CNY, by attempts, refunds and disputes at -1300/,
      ],
      [
        `UPDATE ledger_entry SET pay_id = pay_id + 100 WHERE txn_key = 'refund:${refund}'`,
        `UPDATE ledger_entry SET pay_id = pay_id - 100 WHERE txn_key = 'refund:${refund}'`,
        ["ENTRY_WRONG"],
        new RegExp(`^refund ${refund} .* of payment ${ids.paid + 100}`),
      ],
      [
        `UPDATE ledger_entry SET txn_key = 'lost' WHERE txn_key = 'accept:${accepted}'`,
        `UPDATE ledger_entry SET txn_key = 'accept:${accepted}' WHERE txn_key = 'lost'`,
        ["ENTRY_MISSING", "ENTRY_WITHOUT_CAUSE"],
        new RegExp(`attempt ${accepted} .* needs accept:${accepted}: suspense debit 600`),
      ],
      [
        `UPDATE ledger_entry SET txn_key = 'lost' WHERE txn_key = 'refund:${refund}'`,
        `UPDATE ledger_entry SET txn_key = 'refund:${refund}' WHERE txn_key = 'lost'`,
        ["ENTRY_MISSING", "ENTRY_WITHOUT_CAUSE"],
        new RegExp(`refund ${refund} .* needs refund:${refund}: sales debit 200`),
      ],
      [
        `${line} ('refund:999999', 0, 'sales', 7, 0, 'CNY', 1), ('refund:999999', 1, 'suspense', 0, 7, 'CNY', 1)`,
        "DELETE FROM ledger_entry WHERE txn_key = 'refund:999999'",
        ["ENTRY_WITHOUT_CAUSE", "TOTAL"],
        /entry refund:999999 is about something that does not exist/,
      ],
      [
        `${line} ('accept:${receipt}', 0, 'sales', 7, 0, 'CNY', 1), ('accept:${receipt}', 1, 'sales', 0, 7, 'CNY', 1)`,
        `DELETE FROM ledger_entry WHERE txn_key = 'accept:${receipt}'`,
        ["ENTRY_WITHOUT_CAUSE"],
        new RegExp(`attempt ${receipt} .* has accept:${receipt}: sales debit 7`),
      ],
      [
        `UPDATE pay_attempt SET received_amount = received_amount + 1 WHERE id = ${accepted}`,
        `UPDATE pay_attempt SET received_amount = received_amount - 1 WHERE id = ${accepted}`,
        ["ENTRY_WRONG", "TOTAL"],
        new RegExp(`attempt ${accepted} .*credit 601 CNY`),
      ],
      [
        `UPDATE pay SET refunded_amount = 199, refunding_amount = 1 WHERE id = ${ids.paid}`,
        `UPDATE pay SET refunded_amount = 200, refunding_amount = 0 WHERE id = ${ids.paid}`,
        ["REFUND_SUM"],
        new RegExp(
          `payment ${ids.paid} says that 199 went back and 1 is reserved; its refunds say 200 and 0`,
        ),
      ],
      [
        `UPDATE pay_refund SET amount = 501 WHERE id = ${refund}`,
        `UPDATE pay_refund SET amount = 200 WHERE id = ${refund}`,
        ["ENTRY_WRONG", "REFUND_EXCEEDS", "REFUND_SUM", "TOTAL"],
        new RegExp(`payment ${ids.paid} got 500, and its refunds come to 501`),
      ],
      [
        `UPDATE pay_refund SET state = 3 WHERE id = ${refund}`,
        `UPDATE pay_refund SET state = 2 WHERE id = ${refund}`,
        ["ENTRY_WITHOUT_CAUSE", "REFUND_SUM", "TOTAL"],
        new RegExp(`refund ${refund} .* has refund:${refund}`),
      ],
      [
        `UPDATE pay SET status = 3 WHERE id = ${ids.paid}`,
        `UPDATE pay SET status = 4 WHERE id = ${ids.paid}`,
        ["STATE"],
        new RegExp(
          `payment ${ids.paid} is refunded, but attempt ${receipt} brought 500, of which 200 went back`,
        ),
      ],
      [
        `UPDATE pay_attempt SET success_of = NULL WHERE id = ${receipt}`,
        `UPDATE pay_attempt SET success_of = ${ids.paid} WHERE id = ${receipt}`,
        ["STATE"],
        new RegExp(`attempt ${receipt} of payment ${ids.paid}, in state 2, says success of nothing`),
      ],
      [
        `UPDATE pay_refund SET attempt_id = 999999 WHERE id = ${back}`,
        `UPDATE pay_refund SET attempt_id = ${surplus} WHERE id = ${back}`,
        ["ENTRY_WRONG", "MONEY_KEPT", "ROW_ORPHANED", "TOTAL"],
        new RegExp(`attempt ${surplus} of payment ${ids.surplus} has 500 to give back, and refunds of 0`),
      ],
    ];
    for (const [change, undo, kinds, text] of plants) {
      await write(change);
      const found = await verify();
      assert.deepEqual(found.kinds, kinds, change);
      assert.ok(
        found.differences.some((difference) => text.test(difference.text)),
        `${text} in ${found.differences.map((difference) => difference.text).join("\n")}`,
      );
      await write(undo);
    }
    assert.deepEqual((await verify()).differences, []);
  });

  it("give no false alarm while payments are made and given back", async () => {
    const load = { isOver: false };
    const before = (await verify()).books.refunds;
    const buyers = Array.from({ length: 4 }, async (_, buyer) => {
      for (let round = 0; !load.isOver; round += 1) {
        const { id } = await pay(world);
        await world.client.refund(call(), { ...REFUND, id, refundNo: `load-${buyer}-${round}`, amount: 100 });
      }
    });
    for (let made = 0; made < 15; ) {
      const { books, differences } = await verify();
      assert.deepEqual(differences, []);
      made = books.refunds - before;
    }
    load.isOver = true;
    await Promise.all(buyers);
    assert.deepEqual((await verify()).differences, []);
  });
});

const REFUND = { reason: "", requestedBy: 7 };

/** A payment of 500 that its buyer paid on the sandbox. */
async function pay(world: PayWorld, payment?: { amount: number; currency?: string }) {
  const { id, order } = await world.openPay();
  const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
  await world.bank.pay(outTradeNo, payment);
  await world.client.sync(call(), { id });
  return { id, order };
}

/** One payment of each kind. */
async function makeMoney(world: PayWorld): Promise<Ids> {
  const byCallback = await world.openPay();
  const told = { uid: 1, oid: byCallback.order.id, amount: 500, source: 1, status: 1 };
  await world.client.callback(call(), { id: byCallback.id, ...told });
  const byHand = { ...REFUND, id: byCallback.id, refundNo: "by-hand", amount: 100 };
  await world.client.refund(call(), byHand);
  await world.client.settleRefund(call(), { refundNo: "by-hand", succeeded: true });

  const paid = await pay(world);
  await world.client.refund(call(), { ...REFUND, id: paid.id, refundNo: "part", amount: 200 });
  await world.untilPay(paid.id, { status: 4, refundedAmount: 200 });

  const accepted = await pay(world, { amount: 600 });
  await world.client.resolve(call(), { id: accepted.id, decision: "accept" });
  await pay(world, { amount: 1, currency: "USD" });

  const surplus = await pay(world);
  await secondSuccess(world, surplus.id);
  await world.client.refund(call(), { ...REFUND, id: surplus.id, refundNo: "all", amount: 500 });
  await world.untilPay(surplus.id, { status: 3 });

  await world.openPay();
  return { paid: paid.id, accepted: accepted.id, surplus: surplus.id };
}

/** Money for an attempt that had been closed, as a bank may still take it. */
async function secondSuccess(world: PayWorld, payId: number): Promise<void> {
  const { attemptModel } = world.context;
  const outTradeNo = `late-${payId}`;
  const row = { payId, outTradeNo, channel: "sandbox", amount: 500, currency: "CNY", state: 1 };
  const id = await attemptModel.insert(row);
  const trade = { state: "paid", tradeNo: "T2", amount: 500, currency: "CNY", fee: 3, paidAt: 0 } as const;
  const attempt = await attemptModel.findOne(id);
  assert.ok(attempt);
  await recordSuccess(world.context, attempt, trade);
  // The sandbox has never heard of it, so somebody makes its refund.
  const settled = { refundNo: `back-${outTradeNo}`, succeeded: true };
  await world.until("it is back", () => {
    // That the sandbox refuses it is believed only after a while.
    world.runtime.shift(10_000);
    return world.client.settleRefund(call(), settled).then(Boolean, () => false);
  });
}
