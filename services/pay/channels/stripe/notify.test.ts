import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import Stripe from "stripe";
import type { ParsedNotify, RawNotify } from "../channel.ts";
import {
  event,
  INTENT_ID,
  intent,
  NEXT_SECRET,
  openStripeWorld,
  paidIntent,
  paidSession,
  refund,
  SECRET,
  session,
  signed,
  TRADE,
} from "./test-stripe-world.ts";

const NOW = 1_700_000_000_000;
const { channel } = openStripeWorld();
const { outTradeNo } = TRADE;
const FORGED = { code: "UNAUTHENTICATED", reason: "NOTIFY_FORGED" };

const parse = (notify: RawNotify): Promise<ParsedNotify> => channel.parseNotify(new Call(), notify, NOW);
const told = (said: object): Promise<ParsedNotify> => parse(signed(JSON.stringify(said)));

describe("a notification of Stripe's", () => {
  it("tells of a trade by its page, its intent or its charge", async () => {
    const paid = { state: "paid", tradeNo: INTENT_ID, amount: 100, currency: "CNY", paidAt: NOW };
    const done = { status: "complete", payment_status: "paid", payment_intent: INTENT_ID };
    const charge = { id: "ch_1", object: "charge", metadata: { out_trade_no: outTradeNo } };
    const cases: [string, object, object][] = [
      ["checkout.session.completed", session(done), paid],
      ["checkout.session.completed", session({ status: "complete" }), { state: "open" }],
      ["checkout.session.async_payment_succeeded", session(done), paid],
      ["checkout.session.async_payment_failed", session({ status: "complete" }), { state: "open" }],
      ["checkout.session.expired", session({ status: "expired" }), { state: "closed" }],
      ["payment_intent.succeeded", paidIntent({ latest_charge: "ch_1" }), paid],
      ["payment_intent.canceled", intent({ status: "canceled" }), { state: "closed" }],
      ["payment_intent.processing", intent({ status: "processing" }), { state: "open" }],
      ["payment_intent.payment_failed", intent(), { state: "open" }],
      ["charge.refunded", { ...charge, amount_refunded: 60 }, { state: "open" }],
      ["payment_intent.succeeded", paidIntent({ currency: "isk" }), { ...paid, amount: 1, currency: "ISK" }],
      ["payment_intent.succeeded", paidIntent({ currency: "isk", amount_received: 150 }), { state: "open" }],
    ];
    for (const [type, object, hint] of cases) {
      assert.deepEqual(
        await told(event(type, object)),
        { kind: "trade", eventKey: "evt_1", outTradeNo, hint },
        type,
      );
    }
  });

  it("tells of a refund that we asked for", async () => {
    const types = ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"];
    const states = {
      pending: "processing",
      requires_action: "processing",
      succeeded: "succeeded",
      failed: "failed",
    };
    for (const [index, [status, state]] of Object.entries(states).entries()) {
      const hint = { state, channelRefundNo: "re_1" };
      const head = { kind: "refund", eventKey: "evt_1", outTradeNo, refundNo: "R1" };
      assert.deepEqual(await told(event(types[index] ?? "", refund({ status }))), { ...head, hint });
    }
  });

  it("tells of a dispute by the payment's number at Stripe, and whether it is over", async () => {
    const states = { needs_response: false, under_review: false, warning_needs_response: false, new: false };
    for (const [status, isOver] of Object.entries({
      ...states,
      won: true,
      lost: true,
      warning_closed: true,
    })) {
      const dispute = { id: "dp_1", object: "dispute", payment_intent: INTENT_ID, status, metadata: {} };
      const said = await told(event(`charge.dispute.${isOver ? "closed" : "created"}`, dispute));
      assert.deepEqual(said, {
        ...{ kind: "dispute", eventKey: "evt_1", outTradeNo: "", disputeNo: "dp_1" },
        ...{ tradeNo: INTENT_ID, isOver },
      });
    }
  });

  it("about anything else is nobody's", async () => {
    const others = [
      event("customer.created", { id: "cus_1", object: "customer" }),
      event("payment_intent.succeeded", paidIntent({ metadata: {} })),
      event("payment_intent.succeeded", paidIntent({ metadata: { out_trade_no: "a number of another" } })),
      event("refund.created", refund({ metadata: {} })),
      event("charge.dispute.created", { id: "dp_1", object: "dispute", metadata: {} }),
      event(
        "v2.core.event",
        {},
        { object: "v2.core.event", created: "2026-11-29T10:00:00Z", data: undefined },
      ),
    ];
    for (const other of others) assert.equal((await told(other)).outTradeNo, "", JSON.stringify(other));
  });

  it("is taken as the SDK signs it, with either secret of an endpoint whose secret is rolled", async () => {
    const { webhooks } = new Stripe("sk_test_0123456789");
    const payload = JSON.stringify(
      event("checkout.session.completed", paidSession({ payment_intent: INTENT_ID })),
    );
    const timestamp = NOW / 1000;
    const header = webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp });
    const other = webhooks.generateTestHeaderString({ payload, secret: "whsec_another1", timestamp });
    const both = `${other},${header.replace(/^t=\d+,/, "")}`;
    for (const each of [header, both]) {
      const read = await parse({ headers: { "stripe-signature": each }, body: Buffer.from(payload) });
      assert.equal(read.outTradeNo, outTradeNo);
    }
  });

  it("is taken with the next secret alone, once Stripe has ended the one before", async () => {
    const said = await parse(signed(JSON.stringify(event("x", paidIntent())), NOW / 1000, NEXT_SECRET));
    assert.equal(said.eventKey, "evt_1");
  });

  it("is forged where it is unsigned, late, of another mode, or no event", async () => {
    const good = event("payment_intent.succeeded", paidIntent());
    const text = JSON.stringify(good);
    const live = JSON.stringify({ ...good, livemode: true });
    const twice = text.replace('"livemode":false', '"livemode":true,"livemode":false');
    for (const notify of [
      { headers: {}, body: Buffer.from(text) },
      signed(text, NOW / 1000 - 301),
      signed(text, NOW / 1000 + 301),
      signed(text, NOW / 1000, "whsec_another1"),
      ...[live, twice, `\ufeff${text}`, "", "[]", "null", "{}", "evt_1", text.slice(0, -1)].map((body) =>
        signed(body),
      ),
      signed(Buffer.from(text.replace("订单", "x"), "utf16le")),
      signed(Buffer.concat([Buffer.from('{"id":"evt_'), Buffer.from([0xff]), Buffer.from('"}')])),
    ]) {
      await assert.rejects(parse(notify), FORGED, Buffer.from(notify.body).toString());
    }
    await parse(signed(text, NOW / 1000 - 299));
    await parse(signed(text, NOW / 1000 + 299));
  });
});
