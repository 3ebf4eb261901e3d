import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import {
  answer,
  error,
  INTENT_ID,
  list,
  openStripeWorld,
  paidSession,
  REF,
  REPLAYED,
  reasonOf,
  refund,
  session,
  TRADE,
  yes,
} from "./test-stripe-world.ts";

const call = new Call();
const PAGE = `GET /v1/checkout/sessions/${REF}`;

describe("a refund at Stripe", () => {
  const REFUNDS = "POST /v1/refunds";
  const asked60 = { trade: TRADE, refundNo: "R1", amount: 60, currency: "CNY", total: 100 };

  it("is made of the payment, once for its number", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [PAGE]: answer(paidSession()), [REFUNDS]: answer(refund({ status: "pending" })) });
    const begun = yes(await channel.refund(call, asked60));
    assert.deepEqual(begun, { state: "processing", channelRefundNo: "re_1" });
    assert.deepEqual(Object.fromEntries(asked[1]?.form ?? []), {
      payment_intent: INTENT_ID,
      amount: "60",
      "metadata[out_trade_no]": TRADE.outTradeNo,
      "metadata[refund_no]": "R1",
    });
    assert.equal(asked[1]?.headers["idempotency-key"], `refund-${TRADE.outTradeNo}-R1`);
    say({
      [PAGE]: answer(paidSession()),
      [REFUNDS]: answer(refund({ status: "pending" }), REPLAYED),
      "GET /v1/refunds/re_1": answer(refund()),
    });
    assert.equal(yes(await channel.refund(call, asked60)).state, "succeeded");
  });

  it("is of what was paid, in the money that it was paid in", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [PAGE]: answer(session()) });
    assert.equal(reasonOf(await channel.refund(call, asked60)), "TRADE_NOT_PAID");
    say({ [PAGE]: answer(paidSession()) });
    for (const changes of [{ total: 101 }, { currency: "USD" }]) {
      assert.equal(reasonOf(await channel.refund(call, { ...asked60, ...changes })), "TOTAL_MISMATCH");
    }
    assert.ok(asked.every(({ what }) => what === PAGE));
    say({
      [PAGE]: answer(paidSession()),
      [REFUNDS]: error(400, "invalid_request_error", "charge_already_refunded"),
    });
    assert.equal(reasonOf(await channel.refund(call, asked60)), "CHARGE_ALREADY_REFUNDED");
  });

  it("is found among those of the payment, and its states mean what they say", async () => {
    const { channel, asked, say } = openStripeWorld();
    const states = {
      ...{ pending: "processing", requires_action: "processing", something_new: "processing" },
      ...{ succeeded: "succeeded", failed: "failed", canceled: "failed" },
    };
    const other = refund({ id: "re_0", metadata: {} });
    for (const [status, state] of Object.entries(states)) {
      say({
        [PAGE]: answer(paidSession()),
        "GET /v1/refunds": [list([other], true), list([refund({ status })])],
      });
      const found = yes(await channel.queryRefund(call, { trade: TRADE, refundNo: "R1" }));
      assert.deepEqual(found, { state, channelRefundNo: "re_1" });
    }
    assert.equal(asked[2]?.query.get("payment_intent"), INTENT_ID);
    assert.equal(asked[2]?.query.get("starting_after"), "re_0");
    say({ [PAGE]: answer(paidSession()), "GET /v1/refunds": list([other]) });
    const absent = yes(await channel.queryRefund(call, { trade: TRADE, refundNo: "R1" }));
    assert.deepEqual(absent, { state: "absent" });
    say({ [PAGE]: answer(paidSession()), "GET /v1/refunds": list([other], true) });
    assert.equal((await channel.queryRefund(call, { trade: TRADE, refundNo: "R1" })).kind, "unknown");
  });

  it("is unknown where the answer is another's", async () => {
    const { channel, say } = openStripeWorld();
    const request = { trade: TRADE, refundNo: "R1", amount: 60, currency: "CNY", total: 100 };
    for (const changes of [
      { amount: 61 },
      { currency: "usd" },
      { payment_intent: "pi_other" },
      { metadata: { out_trade_no: TRADE.outTradeNo, refund_no: "R2" } },
      { metadata: { out_trade_no: "P2", refund_no: "R1" } },
    ]) {
      say({ [PAGE]: answer(paidSession()), "POST /v1/refunds": answer(refund(changes)) });
      assert.equal((await channel.refund(call, request)).kind, "unknown", JSON.stringify(changes));
    }
  });
});
