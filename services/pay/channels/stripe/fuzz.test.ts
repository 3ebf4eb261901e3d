import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import {
  answer,
  event,
  INTENT_ID,
  list,
  openStripeWorld,
  paidIntent,
  paidSession,
  REF,
  refund,
  session,
  signed,
  TRADE,
} from "./test-stripe-world.ts";

const call = new Call();
const NOW = 1_700_000_000_000;
/** What no field of Stripe's holds, put in the place of each. */
const WRONG: readonly string[] = [
  ...["null", "true", "[]", "{}", '""', "[[[[[]]]]]", '{"id":"x"}', '"100"', '"\\u0000"'],
  ...["-1", "-0.5", "100.5", "1e400", "9007199254740993", "1e308", `"${"9".repeat(10_000)}"`],
  ...["123456789012345678901234567890", '"\\ud800"', '"<script>"'],
];

/** Every text that differs from the object's in one field: missing, wrong in one way, or given twice. */
function* mutationsOf(object: object): Generator<{ readonly path: string; readonly text: string }> {
  for (const path of pathsOf(object, [])) {
    const name = path.join(".");
    yield { path: `${name} missing`, text: rewritten(object, path, () => "") };
    for (const wrong of WRONG) {
      yield {
        path: `${name} = ${wrong.slice(0, 40)}`,
        text: rewritten(object, path, (key) => `${key}:${wrong}`),
      };
    }
    yield {
      path: `${name} twice`,
      text: rewritten(object, path, (key, value) => `${key}:null,${key}:${value}`),
    };
  }
}

function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

/** The object as JSON, but for one member, whose text is made of its key's and its value's. */
function rewritten(
  value: unknown,
  [at, ...rest]: readonly string[],
  write: (key: string, value: string) => string,
): string {
  const members = Object.entries(value as object).map(([key, inner]) => {
    const name = JSON.stringify(key);
    if (key !== at) return `${name}:${JSON.stringify(inner)}`;
    return rest.length > 0 ? `${name}:${rewritten(inner, rest, write)}` : write(name, JSON.stringify(inner));
  });
  return `{${members.filter((member) => member !== "").join(",")}}`;
}

const textAnswer = (text: string) => ({ status: 200, headers: {}, body: Buffer.from(text) });

describe("an answer of Stripe's with one field wrong", () => {
  it("makes nothing paid that was not, or paid otherwise", async () => {
    const { channel, say } = openStripeWorld();
    let believed = 0;
    for (const { path, text } of mutationsOf(paidSession())) {
      say({ [`GET /v1/checkout/sessions/${REF}`]: textAnswer(text) });
      const said = await channel.query(call, TRADE);
      assert.notEqual(said.kind, "no", path);
      if (said.kind !== "yes" || said.value.state !== "paid") continue;
      const { tradeNo, amount, currency, fee = 4 } = said.value;
      assert.deepEqual([tradeNo, amount, currency, fee], [INTENT_ID, 100, "CNY", 4], path);
      assert.doesNotMatch(path, /twice/);
      believed += 1;
    }
    assert.ok(believed > 0, "fields that do not matter are not demanded");
  });

  it("opens nothing but what was asked for", async () => {
    const { channel, say } = openStripeWorld();
    const { outTradeNo } = TRADE;
    const order = { outTradeNo, amount: 100, currency: "CNY", subject: "x", expireAt: NOW + 3_600_000 };
    for (const { path, text } of mutationsOf(session())) {
      say({ "POST /v1/checkout/sessions": textAnswer(text) });
      const said = await channel.prepay(call, { ...order, product: "checkout" });
      assert.notEqual(said.kind, "no", path);
      if (said.kind === "yes") assert.equal(said.value.channelRef, REF, path);
    }
  });

  it("makes no refund of another's", async () => {
    const { channel, say } = openStripeWorld();
    const request = { trade: TRADE, refundNo: "R1", amount: 60, currency: "CNY", total: 100 };
    for (const { path, text } of mutationsOf(refund())) {
      say({
        [`GET /v1/checkout/sessions/${REF}`]: answer(paidSession()),
        "POST /v1/refunds": textAnswer(text),
        "GET /v1/refunds": textAnswer(JSON.stringify(list([])).replace("[]", `[${text}]`)),
      });
      const said = await channel.refund(call, request);
      assert.notEqual(said.kind, "no", path);
      if (said.kind === "yes") assert.equal(said.value.channelRefundNo, "re_1", path);
      const found = await channel.queryRefund(call, request);
      assert.notEqual(found.kind, "no", path);
    }
  });
});

it("a notification with one field wrong is forged, or says no more than what is asked about", async () => {
  const { channel } = openStripeWorld();
  const objects = [
    event("payment_intent.succeeded", paidIntent({ latest_charge: "ch_1" })),
    event("checkout.session.completed", paidSession({ payment_intent: INTENT_ID })),
    event("refund.updated", refund()),
  ];
  for (const object of objects) {
    for (const { path, text } of mutationsOf(object)) {
      try {
        const { eventKey, outTradeNo, ...said } = await channel.parseNotify(call, signed(text), NOW);
        assert.equal(eventKey, "evt_1", path);
        assert.match(outTradeNo, /^[A-Za-z0-9_-]{0,64}$/, path);
        if (said.kind === "trade" && said.hint.state === "paid") {
          const { tradeNo, amount, currency } = said.hint;
          assert.deepEqual([tradeNo, amount, currency], [INTENT_ID, 100, "CNY"], path);
        }
      } catch (error) {
        assert.ok(error instanceof AppError && error.reason === "NOTIFY_FORGED", `${path}: ${error}`);
      }
    }
  }
});
