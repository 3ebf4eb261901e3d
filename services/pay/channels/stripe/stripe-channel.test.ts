import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { PrepayRequest } from "../channel.ts";
import { itBills } from "../test-bill-conformance.ts";
import { describeChannel } from "../test-channel-conformance.ts";
import { openSimulatedStripe } from "./test-simulated-stripe.ts";
import {
  answer,
  error,
  INTENT_ID,
  INTENT_TRADE,
  intent,
  KEY,
  list,
  openStripeWorld,
  paidIntent,
  paidSession,
  REF,
  REPLAYED,
  reasonOf,
  session,
  TRADE,
  yes,
} from "./test-stripe-world.ts";

describeChannel("stripe, on pages of Checkout", () => openSimulatedStripe("checkout"));
describeChannel("stripe, by intents", () => openSimulatedStripe("intent"));
itBills("stripe", () => openSimulatedStripe("intent"));

const call = new Call();
const MINUTE_MS = 60_000;
const PAGES = "POST /v1/checkout/sessions";
const INTENTS = "POST /v1/payment_intents";
const PAGE = `GET /v1/checkout/sessions/${REF}`;
const INTENT = `GET /v1/payment_intents/${INTENT_ID}`;
const PAID = {
  ...{ state: "paid", tradeNo: INTENT_ID, amount: 100, currency: "CNY", fee: 4 },
  paidAt: 1_700_000_060_000,
};

function attempt(changes: Partial<PrepayRequest> = {}): PrepayRequest {
  const { outTradeNo, beganAt } = TRADE;
  const expireAt = beganAt + 60 * MINUTE_MS;
  const made = { outTradeNo, amount: 100, currency: "CNY", subject: "订单 1", expireAt };
  return { ...made, product: "checkout", ...changes };
}

describe("a trade at Stripe", () => {
  it("is opened on a page with its number, amount, ends and ways back", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [PAGES]: answer(session()) });
    assert.deepEqual(yes(await channel.prepay(call, attempt())), {
      credential: { kind: "url", text: `https://checkout.stripe.test/c/pay/${REF}` },
      channelRef: REF,
    });
    const [request] = asked;
    const { outTradeNo } = TRADE;
    assert.deepEqual(Object.fromEntries(request?.form ?? []), {
      mode: "payment",
      client_reference_id: outTradeNo,
      "metadata[out_trade_no]": outTradeNo,
      "payment_intent_data[metadata][out_trade_no]": outTradeNo,
      "payment_intent_data[description]": "订单 1",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "cny",
      "line_items[0][price_data][unit_amount]": "100",
      "line_items[0][price_data][product_data][name]": "订单 1",
      success_url: "https://shop.test/paid",
      cancel_url: "https://shop.test/back",
      expires_at: String(1_700_000_000 + 3600),
    });
    assert.equal(request?.headers.authorization, `Bearer ${KEY}`);
    assert.equal(request?.headers["stripe-version"], "2026-10-28.endive");
    assert.equal(request?.headers["content-type"], "application/x-www-form-urlencoded");
    assert.equal(request?.headers["idempotency-key"], `open-${outTradeNo}`);
    await channel.prepay(call, attempt({ returnUrl: "https://shop.test/order/1" }));
    assert.equal(asked[1]?.form.get("success_url"), "https://shop.test/order/1");
  });

  it("asks for a page's end within Stripe's bounds, the same a second later", async () => {
    const { channel, asked, runtime, say } = openStripeWorld();
    say({ [PAGES]: answer(session()) });
    const now = runtime.now();
    for (const minutes of [31, 10, 1, 24 * 60 - 1, 24 * 60, 30 * 24 * 60]) {
      await channel.prepay(call, attempt({ expireAt: now + minutes * MINUTE_MS }));
    }
    const ends = asked.map(({ form }) => form.get("expires_at"));
    assert.deepEqual(
      ends.map((end) => end && (Number(end) * 1000 - now) / MINUTE_MS),
      [31, 41, 32, 24 * 60 - 1, null, null],
    );
    runtime.advance(1_000);
    await channel.prepay(call, attempt({ expireAt: now + 10 * MINUTE_MS }));
    assert.equal(asked.at(-1)?.form.get("expires_at"), ends[1]);
  });

  it("is opened as an intent, for a form of the shop's", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [INTENTS]: answer(intent()) });
    assert.deepEqual(yes(await channel.prepay(call, attempt({ product: "intent" }))), {
      credential: { kind: "sdk", text: `${INTENT_ID}_secret_x` },
      channelRef: INTENT_ID,
    });
    assert.deepEqual(Object.fromEntries(asked[0]?.form ?? []), {
      amount: "100",
      currency: "cny",
      description: "订单 1",
      "metadata[out_trade_no]": TRADE.outTradeNo,
      "automatic_payment_methods[enabled]": "true",
    });
  });

  it("is told of in Stripe's unit, or not at all", async () => {
    const { channel, asked, say } = openStripeWorld();
    say({ [INTENTS]: answer(intent({ amount: 10_000, currency: "isk" })) });
    yes(await channel.prepay(call, attempt({ product: "intent", currency: "ISK" })));
    assert.equal(asked[0]?.form.get("amount"), "10000");
    const odd = attempt({ amount: 1_234, currency: "KWD" });
    assert.equal(reasonOf(await channel.prepay(call, odd)), "AMOUNT_UNUSABLE");
    assert.equal(asked.length, 1);
  });

  it("that was opened before is told again while it can be paid, and refused after", async () => {
    const { channel, say } = openStripeWorld();
    const again = answer(session(), REPLAYED);
    say({ [PAGES]: again, [PAGE]: answer(session()) });
    assert.equal(yes(await channel.prepay(call, attempt())).channelRef, REF);
    for (const over of [paidSession(), session({ status: "expired", url: null })]) {
      say({ [PAGES]: again, [PAGE]: answer(over) });
      assert.equal(reasonOf(await channel.prepay(call, attempt())), "TRADE_OVER");
    }
    say({ [PAGES]: error(400, "idempotency_error") });
    assert.equal(reasonOf(await channel.prepay(call, attempt({ amount: 101 }))), "IDEMPOTENCY_ERROR");
  });

  it("stands where its page or its intent stands", async () => {
    const { channel, asked, say } = openStripeWorld();
    const unpaid = { status: "complete", url: null };
    const pages: [object, object][] = [
      [session(), { state: "open" }],
      [session({ payment_intent: intent({ status: "requires_action" }) }), { state: "open" }],
      [session({ status: "expired", url: null }), { state: "closed" }],
      [session({ ...unpaid, payment_intent: intent({ status: "processing" }) }), { state: "open" }],
      [session({ ...unpaid, payment_intent: intent() }), { state: "closed" }],
      [paidSession(), PAID],
      [session({ status: "something_new" }), { state: "open" }],
    ];
    for (const [page, state] of pages) {
      say({ [PAGE]: answer(page) });
      assert.deepEqual(yes(await channel.query(call, TRADE)), state, JSON.stringify(page));
    }
    assert.equal(asked[0]?.query.get("expand[0]"), "payment_intent.latest_charge.balance_transaction");
    const intents: [string, object][] = [
      ["requires_payment_method", { state: "open" }],
      ["requires_confirmation", { state: "open" }],
      ["processing", { state: "open" }],
      ["requires_capture", { state: "open" }],
      ["something_new", { state: "open" }],
      ["canceled", { state: "closed" }],
    ];
    for (const [status, state] of intents) {
      say({ [INTENT]: answer(intent({ status })) });
      assert.deepEqual(yes(await channel.query(call, INTENT_TRADE)), state, status);
    }
    say({ [INTENT]: answer(paidIntent()) });
    assert.deepEqual(yes(await channel.query(call, INTENT_TRADE)), PAID);
  });

  it("tells its fee once that is booked in its own currency, and is paid without", async () => {
    const { channel, say } = openStripeWorld();
    const { fee: _fee, ...paid } = PAID;
    for (const booked of [null, "txn_1", { fee: 4, currency: "usd" }, { fee: 500, currency: "cny" }]) {
      const latest = { id: "ch_1", created: 1_700_000_060, balance_transaction: booked };
      say({ [INTENT]: answer(paidIntent({ latest_charge: latest })) });
      assert.deepEqual(yes(await channel.query(call, INTENT_TRADE)), paid, JSON.stringify(booked));
    }
  });

  it("tells a fee that is booked in another currency by the rate at which that payment was exchanged", async () => {
    const { channel, say } = openStripeWorld();
    const told = async (booked: object) => {
      const latest = {
        id: "ch_1",
        created: 1_700_000_060,
        balance_transaction: { currency: "usd", ...booked },
      };
      say({ [INTENT]: answer(paidIntent({ latest_charge: latest })) });
      const trade = yes(await channel.query(call, INTENT_TRADE));
      return trade.state === "paid" ? [trade.amount, trade.currency, trade.fee] : trade.state;
    };
    assert.deepEqual(await told({ amount: 14, fee: 1 }), [100, "CNY", 7]);
    assert.deepEqual(await told({ amount: 14, fee: 0 }), [100, "CNY", 0]);
    // A hundred times 57/200 is 28.499999999999996 as a float.
    assert.deepEqual(await told({ amount: 200, fee: 57 }), [100, "CNY", 29]);
    assert.deepEqual(await told({ amount: 14, fee: 14, exchange_rate: 0.14 }), [100, "CNY", 100]);
    for (const wrong of [
      { amount: 0, fee: 0 },
      { amount: 14, fee: 15 },
      { amount: 14, fee: -1 },
    ])
      assert.deepEqual(await told(wrong), [100, "CNY", undefined], JSON.stringify(wrong));
  });

  it("is found again by its number where the answer to its opening was lost", async () => {
    const { channel, asked, say } = openStripeWorld();
    const lost = { ...TRADE, channelRef: "" };
    const others = (id: string) => session({ id, metadata: { out_trade_no: "P9" } });
    say({
      "GET /v1/checkout/sessions": [list([others("cs_1"), others("cs_2")], true), list([session()])],
      [PAGE]: answer(session()),
    });
    assert.deepEqual(yes(await channel.query(call, lost)), { state: "open" });
    assert.deepEqual(Object.fromEntries(asked[1]?.query ?? []), {
      "created[gte]": "1699999700",
      "created[lte]": "1700000360",
      limit: "100",
      starting_after: "cs_2",
    });
    say({
      "GET /v1/checkout/sessions": list([others("cs_1")]),
      "GET /v1/payment_intents": list([paidIntent({ latest_charge: "ch_1" })]),
      [INTENT]: answer(paidIntent()),
    });
    assert.deepEqual(yes(await channel.query(call, lost)), PAID);
    say({ "GET /v1/checkout/sessions": list([]), "GET /v1/payment_intents": list([]) });
    assert.deepEqual(yes(await channel.query(call, lost)), { state: "absent" });
    assert.deepEqual(yes(await channel.close(call, lost)), { state: "absent" });
    say({ "GET /v1/checkout/sessions": list([others("cs_1")], true), "GET /v1/payment_intents": list([]) });
    assert.deepEqual(yes(await channel.query(call, lost)), { state: "absent" });
    assert.equal(asked.length, 21);
    say({ "GET /v1/checkout/sessions": list([], true) });
    assert.equal((await channel.query(call, lost)).kind, "unknown");
  });
});

describe("closing a trade at Stripe", () => {
  const EXPIRE = `POST /v1/checkout/sessions/${REF}/expire`;
  const CANCEL = `POST /v1/payment_intents/${INTENT_ID}/cancel`;

  it("expires its page, or cancels its intent, by another key each time", async () => {
    const { channel, asked, runtime, say } = openStripeWorld();
    say({
      [EXPIRE]: answer(session({ status: "expired", url: null })),
      [CANCEL]: answer(intent({ status: "canceled" })),
    });
    assert.deepEqual(yes(await channel.close(call, TRADE)), { state: "closed" });
    runtime.advance(1_000);
    assert.deepEqual(yes(await channel.close(call, TRADE)), { state: "closed" });
    assert.deepEqual(yes(await channel.close(call, INTENT_TRADE)), { state: "closed" });
    const keys = asked.map(({ headers }) => headers["idempotency-key"]);
    assert.equal(new Set(keys.slice(0, 2)).size, 2);
  });

  it("loses to its payment, and says where it stands when Stripe refuses", async () => {
    const { channel, say } = openStripeWorld();
    const refused = error(400, "invalid_request_error", "payment_intent_unexpected_state");
    const cases: [object, object][] = [
      [paidSession(), PAID],
      [session({ status: "expired", url: null }), { state: "closed" }],
    ];
    for (const [page, state] of cases) {
      say({ [EXPIRE]: refused, [PAGE]: answer(page) });
      assert.deepEqual(yes(await channel.close(call, TRADE)), state);
    }
    say({ [CANCEL]: refused, [INTENT]: answer(paidIntent()) });
    assert.deepEqual(yes(await channel.close(call, INTENT_TRADE)), PAID);
    say({ [CANCEL]: refused, [INTENT]: answer(intent({ status: "processing" })) });
    assert.equal(reasonOf(await channel.close(call, INTENT_TRADE)), "PAYMENT_INTENT_UNEXPECTED_STATE");
    say({ [CANCEL]: answer(intent()) });
    assert.equal((await channel.close(call, INTENT_TRADE)).kind, "unknown");
  });
});

describe("what Stripe does not answer", () => {
  const html = { status: 200, headers: {}, body: Buffer.from("<html>log in</html>") };
  const lost = new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");

  it("is asked three times with one key, and then nobody knows", async () => {
    const { channel, asked, say } = openStripeWorld();
    const failed = { status: 500, headers: {}, body: Buffer.from("") };
    for (const failure of [lost, failed, error(409, "idempotency_error"), error(503, "api_error")]) {
      say({ [PAGES]: failure });
      assert.equal((await channel.prepay(call, attempt())).kind, "unknown");
      assert.equal(asked.length, 3);
      assert.equal(new Set(asked.map(({ headers }) => headers["idempotency-key"])).size, 1);
      assert.equal(new Set(asked.map(({ form }) => String(form))).size, 1);
      say({ [PAGES]: [failure, failure, answer(session())] });
      yes(await channel.prepay(call, attempt()));
    }
  });

  it("is asked again, or not, where Stripe says so, and not after its time", async () => {
    const { channel, asked, runtime, say } = openStripeWorld();
    const saying = (status: number, again: string) => ({
      ...error(status, "api_error"),
      headers: { "stripe-should-retry": again },
    });
    for (const [reply, sends] of [
      [saying(500, "false"), 1],
      [saying(429, "true"), 3],
      [error(429, "rate_limit_error"), 1],
      [new AppError("UNAVAILABLE", "BREAKER_OPEN", "asked too often"), 1],
    ] as const) {
      say({ [PAGE]: reply });
      assert.equal((await channel.query(call, TRADE)).kind, "unknown");
      assert.equal(asked.length, sends);
    }
    say({ [PAGE]: lost });
    const soon = new Call({ deadline: runtime.now() + 200 });
    assert.equal((await channel.query(soon, TRADE)).kind, "unknown");
    assert.equal(asked.length, 1);
    const late = new Call({ deadline: runtime.now() });
    assert.equal((await channel.query(late, TRADE)).kind, "unknown");
    assert.equal(asked.length, 1);
  });

  it("is unknown where the answer is not Stripe's, or about something else", async () => {
    const { channel, say } = openStripeWorld();
    const redirect = { status: 302, headers: { location: "https://elsewhere.test" }, body: Buffer.from("") };
    const wrong = [
      html,
      redirect,
      { ...html, status: 400 },
      { ...html, status: 404 },
      error(401, "invalid_request_error"),
      error(403, "invalid_request_error"),
      answer(session({ id: "cs_test_other" })),
      answer(session({ metadata: {} })),
      answer(session({ metadata: { out_trade_no: "P2" } })),
      answer(session({ livemode: true })),
      answer(session({ object: "payment_intent" })),
      answer(session({ status: "complete", payment_status: "paid" })),
      answer(session({ status: "complete", payment_status: "no_payment_required" })),
      answer(paidSession({ payment_intent: paidIntent({ amount_received: 2 ** 53 }) })),
      answer(paidSession({ payment_intent: paidIntent({ amount_received: 100.5 }) })),
      answer(paidSession({ payment_intent: paidIntent({ amount_received: 150, currency: "isk" }) })),
    ];
    for (const reply of wrong) {
      say({ [PAGE]: reply });
      assert.equal((await channel.query(call, TRADE)).kind, "unknown", Buffer.from(reply.body).toString());
    }
    for (const made of [{ amount_total: 101 }, { currency: "usd" }, { url: null }]) {
      say({ [PAGES]: answer(session(made)) });
      assert.equal((await channel.prepay(call, attempt())).kind, "unknown");
    }
    say({ [PAGE]: error(404, "invalid_request_error", "resource_missing") });
    assert.equal(reasonOf(await channel.query(call, TRADE)), "RESOURCE_MISSING");
  });
});
