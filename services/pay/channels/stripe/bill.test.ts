import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { BillLine } from "../bills/bill.ts";
import type { Answer } from "../channel.ts";
import {
  error,
  INTENT_ID,
  list,
  openStripeWorld,
  type StripeWorld,
  TRADE,
  yes,
} from "./test-stripe-world.ts";

const call = new Call();
const ASKED = "GET /v1/balance_transactions";
const DAY = "2026-11-30";

/** Stripe has the bill itself: nothing is fetched. */
const streams = { open: () => Promise.reject(new Error("nothing is fetched")) };

function entry(id: string, changes: object = {}): object {
  const source = {
    ...{ id: "ch_1", object: "charge", amount: 8880, amount_captured: 8880, currency: "cny" },
    ...{ metadata: { out_trade_no: TRADE.outTradeNo }, payment_intent: INTENT_ID },
  };
  const money = { amount: 8880, fee: 288, net: 8592, currency: "cny" };
  return { id: `txn_${id}`, object: "balance_transaction", type: "charge", ...money, source, ...changes };
}

function refund(id: string, changes: object = {}, amount = -1000): object {
  const metadata = { out_trade_no: TRADE.outTradeNo, refund_no: "R1" };
  const source = {
    ...{ id: "re_1", object: "refund", amount: 1000, currency: "cny", metadata },
    ...{ payment_intent: INTENT_ID, status: "succeeded", ...changes },
  };
  return entry(id, { type: "refund", amount, fee: 0, net: amount, source });
}

const PAID = {
  ...{ kind: "payment", outTradeNo: TRADE.outTradeNo, tradeNo: INTENT_ID },
  ...{ amount: 8880, currency: "CNY", fee: 288 },
};
const GIVEN_BACK = { ...PAID, kind: "refund", refundNo: "R1", amount: 1000, fee: 0, state: "made" };

function read({ channel }: StripeWorld): ReturnType<NonNullable<typeof channel.bills>["read"]> {
  assert.ok(channel.bills !== undefined);
  return channel.bills.read(call, { day: DAY, streams });
}

async function linesOf(world: StripeWorld): Promise<BillLine[]> {
  return Array.fromAsync(yes(await read(world)).lines);
}

describe("a bill of Stripe", () => {
  it("is what moved the balance on a day of UTC, page after page", async () => {
    const world = openStripeWorld();
    world.say({
      [ASKED]: [
        list([entry("1"), refund("2")], true),
        list([entry("3", { type: "payout", source: "po_1" })]),
      ],
    });
    assert.deepEqual(await linesOf(world), [PAID, GIVEN_BACK, { kind: "other", what: "payout" }]);
    const [first, second] = world.asked;
    assert.deepEqual(first && Object.fromEntries(first.query), {
      "created[gte]": String(Date.UTC(2026, 10, 30) / 1000),
      "created[lt]": String(Date.UTC(2026, 11, 1) / 1000),
      ...{ limit: "100", "expand[0]": "data.source" },
    });
    assert.equal(second?.query.get("starting_after"), "txn_2");
  });

  it("says what moved the balance, and not what was meant to", async () => {
    const world = openStripeWorld();
    world.say({ [ASKED]: list([entry("1", { amount: 8881 }), refund("2", {}, -999), refund("3", {}, 999)]) });
    assert.deepEqual(await linesOf(world), [
      { ...PAID, amount: 8881 },
      { ...GIVEN_BACK, amount: 999 },
      { kind: "unreadable", line: 3 },
    ]);
  });

  it("tells the fee in the payment's currency, where the account is settled in another", async () => {
    const world = openStripeWorld();
    world.say({ [ASKED]: list([entry("1", { currency: "usd", amount: 1200, fee: 60, net: 1140 })]) });
    assert.deepEqual(await linesOf(world), [{ ...PAID, fee: 444 }]);
  });

  it("has no numbers of ours where somebody else charged or refunded, and is not made where it may fail", async () => {
    const world = openStripeWorld();
    const foreign = {
      id: "ch_2",
      object: "charge",
      amount: 5,
      currency: "cny",
      metadata: {},
      payment_intent: null,
    };
    const lines = [
      entry("1", { source: foreign, amount: 5, fee: 1 }),
      refund("2", { metadata: {}, status: "pending" }),
      refund("3", { status: "failed" }),
    ];
    world.say({ [ASKED]: list(lines) });
    assert.deepEqual(await linesOf(world), [
      { ...PAID, outTradeNo: "", tradeNo: "", amount: 5, fee: 1 },
      { ...GIVEN_BACK, outTradeNo: "", refundNo: "", state: "under way" },
      { ...GIVEN_BACK, state: "failed" },
    ]);
  });

  it("shows which entries cannot be read", async () => {
    const world = openStripeWorld();
    const odd = [entry("1", { source: "ch_1" }), entry("2", { fee: -1 }), refund("3", { amount: -5 })];
    world.say({ [ASKED]: list([...odd, entry("4")]) });
    const lines = await linesOf(world);
    assert.deepEqual(lines, [1, 2, 3].map((line): object => ({ kind: "unreadable", line })).concat(PAID));
  });

  it("is no bill where Stripe refuses, and none of it counts where a page is lost or never ends", async () => {
    const world = openStripeWorld();
    world.say({ [ASKED]: error(400, "invalid_request_error", "parameter_invalid") });
    assert.equal((await read(world)).kind, "no");
    world.say({ [ASKED]: error(401, "invalid_request_error") });
    const unknown: Answer<unknown> = await read(world);
    assert.equal(unknown.kind, "unknown");
    for (const later of [error(400, "invalid_request_error"), error(500, "api_error"), list([], true)]) {
      world.say({ [ASKED]: [list([entry("1")], true), later] });
      await assert.rejects(linesOf(world), { reason: "BAD_ANSWER" });
    }
  });
});
