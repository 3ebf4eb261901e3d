import assert from "node:assert/strict";
import { after, before, beforeEach, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import type { SqlValue } from "@mall/kit/store";
import { forEachDatabase } from "@mall/kit/testing";
import type { Bill, BillLine } from "../channels/bills/bill.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import type { Answer, Channel } from "../channels/channel.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { type Difference, verifyBooks } from "../model/books/verify-books.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { compareBills } from "./compare-bills.ts";
import { createFeeBooks, NO_FEE_BOOKS } from "./fee-books.ts";
import {
  ACCOUNT,
  type Billed,
  createBilled,
  DAY,
  type Days,
  HOUR_MS,
  NEXT_DAY,
  NOON,
  payment,
  refund,
} from "./test-billed.ts";

const MIDNIGHT = dayOf(DAY, 8 * HOUR_MS).from;

forEachDatabase("bills", (databases) => {
  let world: PayWorld;
  let billed: Billed;
  before(async () => {
    world = await openPayWorld(databases);
    billed = createBilled(world);
  });
  after(() => world.close());
  beforeEach(() => billed.forget());
  const write = (sql: string, ...parameters: SqlValue[]) => billed.write(sql, ...parameters);
  const receive: Billed["receive"] = (...asked) => billed.receive(...asked);
  const giveBack: Billed["giveBack"] = (...asked) => billed.giveBack(...asked);
  const channelWith = (days: Days): Channel => billed.channelWith(days);
  const compare = async (
    days: Days,
    { bookFees = false, channel = channelWith(days), now = MIDNIGHT + 72 * HOUR_MS } = {},
  ) => {
    const found: string[] = [];
    let [taking, overtaken] = [0, 0];
    const compared = await compareBills(call(), {
      ...{
        database: world.database,
        channel,
        accounts: new Set([ACCOUNT, "wechat-app"]),
        days: Object.keys(days),
      },
      streams: { open: () => Promise.reject(new Error("nothing is fetched here")) },
      now: () => now,
      report: async ({ kind, text, next }) => {
        assert.ok(next.length > 0);
        found.push(`${kind} ${/^[^:]+(?: \S+)?: /.exec(text)?.[0] ?? text}`);
        taking += 1;
        await new Promise(setImmediate);
        taking -= 1;
      },
      progress: () => {
        overtaken += taking;
      },
      fees: bookFees ? createFeeBooks(world.database) : NO_FEE_BOOKS,
    });
    assert.equal(compared.differences, found.length);
    assert.equal(overtaken, 0, "no more is read than what was found is taken");
    return { found: found.map((text) => text.replace(/:? $/, "")).toSorted(), compared };
  };

  it("say the same as payments and refunds, with sums, and tell fees that the books do not know", async () => {
    const one = await receive("P1");
    await receive("P2", { fee: 3 });
    await giveBack("R1", one);
    const other: BillLine = { kind: "other", what: "payout" };
    const { found, compared } = await compare({
      [DAY]: [payment("P1"), payment("P2"), refund("R1", "P1"), other],
    });
    assert.deepEqual(found, []);
    assert.deepEqual(
      [compared.payments, compared.refunds, compared.others],
      [2, 1, new Map([["payout", 1]])],
    );
    assert.deepEqual(compared.sums, new Map([["CNY", { paid: 1000, refunded: 100, fees: 6, feesBack: 1 }]]));
    assert.deepEqual(compared.unknownFees, { count: 1, amount: 3 });
    assert.deepEqual(compared.unknownFeesBack, { count: 1, amount: 1 });
  });

  it("bring fees into the books, once", async () => {
    const one = await receive("P1");
    const refundId = await giveBack("R1", one);
    await write("UPDATE pay SET refunded_amount = 100, status = 4 WHERE id = ?", one.payId);
    const days = { [DAY]: [payment("P1"), refund("R1", "P1")] };
    for (const count of [1, 0]) {
      const { found, compared } = await compare(days, { bookFees: true });
      assert.deepEqual(
        [found, compared.unknownFees.count, compared.unknownFeesBack.count],
        [[], count, count],
      );
    }
    assert.equal((await world.context.attemptModel.findOne(one.id))?.lateFee, 3);
    assert.equal((await world.context.refundModel.findOne(refundId))?.feeBack, 1);
    const balance = {
      sql: "SELECT SUM(debit) - SUM(credit) AS fees FROM ledger_entry WHERE account = 'fees'",
      parameters: [],
    };
    assert.equal(Number((await world.database.read(balance))[0]?.fees), 2);
    const differences: Difference[] = [];
    await verifyBooks(world.database, (difference) => differences.push(difference));
    assert.deepEqual(differences, []);
  });

  it("show what the channel has and the mall has not", async () => {
    await receive("P1", { channel: "other" });
    const { id: payId } = await world.openPay();
    const row = { payId, outTradeNo: "P2", channel: ACCOUNT, amount: 500, currency: "CNY" };
    await world.context.attemptModel.insert({ ...row, state: ATTEMPT_STATE.closed });
    const three = await receive("P3");
    await giveBack("R3", three);
    await write(`UPDATE pay_refund SET state = ${REFUND_STATE.failed}`);
    const lines: BillLine[] = [
      ...["P0", "P1", "P2", "P3", "P3"].map((number) => payment(number)),
      ...[refund("R0", "P3"), refund("", "P3"), refund("R3", "P3"), refund("R3", "P3")],
      { kind: "unreadable", line: 7 },
    ];
    assert.deepEqual((await compare({ [DAY]: lines })).found, [
      ...[
        "ACCOUNT P1",
        "LINE_UNREADABLE wechat",
        "PAYMENT_NOT_HERE P2",
        "PAYMENT_TWICE P3",
        "PAYMENT_UNKNOWN P0",
      ],
      ...["REFUND_NOT_HERE refund R3", "REFUND_TWICE refund R3"],
      ...["REFUND_UNKNOWN refund R0", "REFUND_UNKNOWN refund of P3, without a number"],
    ]);
  });

  it("show refunds that are made here only, but for those whose money is known to be back", async () => {
    const one = await receive("P1");
    const refundId = await giveBack("R1", one);
    const days = { [DAY]: [payment("P1"), refund("R1", "P1", { state: "failed", fee: 0 })] };
    assert.deepEqual((await compare(days)).found, ["REFUND_FAILED refund R1"]);
    const row = { payId: one.payId, attemptId: one.id, amount: 100, cause: REFUND_CAUSE.returned };
    await world.context.refundModel.insert({
      ...{ ...row, refundNo: `returned-${refundId}`, state: REFUND_STATE.byHand },
    });
    assert.deepEqual((await compare(days)).found, []);
  });

  it("show other amounts, currencies, numbers and fees", async () => {
    await receive("P1");
    await receive("P2");
    const three = await receive("P3", { fee: 3 });
    await giveBack("R3", three);
    const lines = [
      payment("P1", { amount: 501 }),
      payment("P2", { currency: "USD", tradeNo: "T9" }),
      payment("P3", { fee: 4 }),
      refund("R3", "P3", { amount: 99 }),
    ];
    const { found, compared } = await compare({ [DAY]: lines }, { bookFees: true });
    assert.deepEqual(found, ["AMOUNT P1", "AMOUNT P2", "AMOUNT refund R3", "FEE P3", "TRADE P2"]);
    // Nobody knows yet what such a fee is of.
    assert.equal(compared.unknownFees.count, 0);
  });

  it("are in common of accounts of one merchant", async () => {
    await receive("P1", { channel: "wechat-app" });
    await receive("P2", { channel: "wechat-app" });
    const { found, compared } = await compare({ [DAY]: [payment("P1")] }, { bookFees: true });
    assert.deepEqual([found, compared.unknownFees.count], [["PAYMENT_NOT_BILLED P2"], 1]);
    const [row] = await world.database.read({
      sql: "SELECT account FROM ledger_entry WHERE txn_key LIKE 'fee:%' AND credit > 0",
      parameters: [],
    });
    assert.equal(row?.account, "channel:wechat-app");
  });

  it("go by the channel's number where it does not tell ours", async () => {
    await receive("P1");
    const { found, compared } = await compare({ [DAY]: [payment("", { tradeNo: "TP1" })] });
    assert.deepEqual([found, compared.unknownFees.count], [[], 1]);
  });

  it("show what the mall has and the channel has not, but for what was under way at midnight", async () => {
    const one = await receive("P1");
    await giveBack("R1", one);
    await receive("P2", { at: MIDNIGHT + 30_000 });
    await receive("P3", { at: MIDNIGHT + 24 * HOUR_MS - 60_000 });
    await receive("P4", { at: MIDNIGHT + 25 * HOUR_MS });
    await receive("P5", { channel: "other" });
    const { found, compared } = await compare({ [DAY]: [] });
    assert.deepEqual(found, ["PAYMENT_NOT_BILLED P1", "REFUND_NOT_BILLED R1"]);
    assert.equal(compared.atEdge, 2);
    const both = await compare({ [DAY]: [payment("P2")], [NEXT_DAY]: [payment("P3")] });
    assert.deepEqual(both.found, ["PAYMENT_NOT_BILLED P1", "PAYMENT_NOT_BILLED P4", "REFUND_NOT_BILLED R1"]);
    assert.equal(both.compared.atEdge, 0);
  });

  it("of a day that is not over have nothing of what came after they were asked for", async () => {
    await receive("P1", { at: NOON });
    for (const [now, found, atEdge] of [
      [NOON + 1_000, [], 1],
      [NOON + HOUR_MS, ["PAYMENT_NOT_BILLED P1"], 0],
    ] as const) {
      const told = await compare({ [DAY]: [] }, { now });
      assert.deepEqual([told.found, told.compared.atEdge], [found, atEdge]);
    }
  });

  it("that are not there are a difference only where something happened", async () => {
    await receive("P1");
    assert.deepEqual((await compare({ [DAY]: undefined, [NEXT_DAY]: undefined })).found, [
      `BILL_ABSENT wechat has no bill of ${DAY}, and of that day are 1 payments and 0 refunds here`,
    ]);
    const days = { [DAY]: undefined, [NEXT_DAY]: [payment("P1")] };
    // Who paid before midnight is in the bill of that day.
    const told = await compare(days);
    assert.deepEqual([told.found.length, told.compared.absent], [1, 1]);
  });

  it("that the channel refuses, breaks off or does not answer with are no comparison", async () => {
    const refusing = (answer: Answer<Bill>): Channel => ({
      ...channelWith({}),
      bills: { merchant: ACCOUNT, aheadMs: 0, readyMs: 0, read: async () => answer },
    });
    const days = { [DAY]: [] };
    const no = refusing({ kind: "no", reason: "STATEMENT_CREATING", message: "not yet" });
    await assert.rejects(compare(days, { channel: no }), {
      reason: "BILL_REFUSED",
      message: /STATEMENT_CREATING/,
    });
    const unknown = refusing({
      kind: "unknown",
      cause: new AppError("UNAVAILABLE", "NO_ANSWER", "no answer"),
    });
    await assert.rejects(compare(days, { channel: unknown }), {
      reason: "BILL_UNANSWERED",
      message: /believed: no answer/,
    });
    const broken = async function* (): AsyncGenerator<BillLine> {
      yield payment("P1");
      throw new AppError("UNKNOWN", "BAD_ANSWER", "it is not the bill that it named");
    };
    const bounds = dayOf(DAY, 0);
    const breaksOff = refusing({ kind: "yes", value: { ...bounds, isThere: true, lines: broken() } });
    const { id } = await receive("P1");
    await assert.rejects(compare(days, { channel: breaksOff, bookFees: true }), {
      reason: "BAD_ANSWER",
      message: `wechat's bill of ${DAY} is not whole, and nothing that was said of it counts: it is not the bill that it named`,
    });
    assert.equal((await world.context.attemptModel.findOne(id))?.lateFee, null);
    const { bills: _, ...without } = channelWith({});
    await assert.rejects(compare(days, { channel: without }), {
      reason: "BILL_REFUSED",
      message: /no bills/,
    });
  });

  it("of many lines are compared some at a time", async () => {
    const lines = Array.from({ length: 1_200 }, (_, index) => payment(`X${index}`));
    const { compared } = await compare({ [DAY]: lines });
    assert.deepEqual([compared.payments, compared.differences], [1_200, 1_200]);
  });
});
