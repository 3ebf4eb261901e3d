import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { HttpAnswer, HttpRequest } from "@mall/kit/http";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { Answer, Channel, RawNotify, TradeRef } from "../channel.ts";
import { createStripeChannel } from "./stripe-channel.ts";

export const KEY = "sk_test_0123456789";
export const SECRET = "whsec_0123456789";
/** That the endpoint has in place of it by and by. */
export const NEXT_SECRET = "whsec_9876543210";
const GATEWAY = "https://stripe.test";

/** What a request asked for. */
interface Asked {
  /** `POST /v1/refunds`. */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

type Reply = HttpAnswer | Error;

/** An account at a Stripe that says what a test has it say. */
export interface StripeWorld {
  readonly channel: Channel;
  readonly runtime: ManualRuntime;
  readonly asked: Asked[];
  /** What is said to each request; the last entry of a list is said from then on. */
  say(replies: Readonly<Record<string, Reply | readonly Reply[]>>): void;
}

/** Opens a world whose pauses take no time of the test. */
export function openStripeWorld(): StripeWorld {
  const runtime = createManualRuntime();
  const asked: Asked[] = [];
  let replies: Readonly<Record<string, Reply | readonly Reply[]>> = {};
  const said = new Map<string, number>();
  const reply = (what: string): Reply => {
    const list = [replies[what] ?? error(404, "invalid_request_error", "resource_missing")].flat();
    const count = said.get(what) ?? 0;
    said.set(what, count + 1);
    return list[Math.min(count, list.length - 1)] ?? new Error("nothing to say");
  };
  const account = {
    Name: "stripe",
    Gateway: GATEWAY,
    Keys: { SecretKeys: [{ Key: KEY }], WebhookSecrets: [{ Secret: SECRET }, { Secret: NEXT_SECRET }] },
    SuccessUrl: "https://shop.test/paid",
    CancelUrl: "https://shop.test/back",
  };
  const send = async (request: HttpRequest, { timeoutMs }: { readonly timeoutMs: number }) => {
    if (timeoutMs <= 0) throw new Error("sent without time for an answer");
    const read = readRequest(request);
    asked.push(read);
    const answer = reply(read.what);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // What waits is let go on, by as long as it waits.
  const setTimer: ManualRuntime["setTimer"] = (callback, delayMs) => {
    const timer = runtime.setTimer(callback, delayMs);
    setImmediate(() => runtime.advance(delayMs));
    return timer;
  };
  return {
    channel: createStripeChannel(account, {
      runtime: { ...runtime, setTimer },
      http: { send },
      log: silentLogger,
    }),
    runtime,
    asked,
    say: (next) => {
      replies = next;
      said.clear();
      asked.length = 0;
    },
  };
}

function readRequest({ method, url, headers, body = new Uint8Array() }: HttpRequest): Asked {
  const { pathname, searchParams } = new URL(url);
  const form = new URLSearchParams(Buffer.from(body).toString("utf8"));
  return { what: `${method} ${pathname}`, query: searchParams, form, headers };
}

/** An answer with a JSON object. */
export function answer(value: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** What an answer comes with that was given to the same key before. */
export const REPLAYED = { "idempotent-replayed": "true" };

/** A refusal in Stripe's form. */
export function error(status: number, type: string, code?: string): HttpAnswer {
  const body = { error: { type, ...(code !== undefined && { code }), message: `${type} ${code}` } };
  return { status, headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

/** An answer with a list of one page. */
export function list(items: readonly object[], hasMore = false): HttpAnswer {
  return answer({ object: "list", url: "/v1/any", data: items, has_more: hasMore });
}

export const REF = "cs_test_a1B2";
export const INTENT_ID = "pi_3Abc";
export const TRADE: TradeRef = { outTradeNo: "P1N1X0a", channelRef: REF, beganAt: 1_700_000_000_000 };
export const INTENT_TRADE: TradeRef = { ...TRADE, channelRef: INTENT_ID };
const METADATA = { out_trade_no: TRADE.outTradeNo };

/** An intent that waits for its buyer, with changes. */
export function intent(changes: object = {}): object {
  return {
    ...{
      id: INTENT_ID,
      object: "payment_intent",
      livemode: false,
      created: 1_700_000_000,
      metadata: METADATA,
    },
    ...{ amount: 100, amount_received: 0, currency: "cny", status: "requires_payment_method" },
    ...{ client_secret: `${INTENT_ID}_secret_x`, latest_charge: null, capture_method: "automatic" },
    ...changes,
  };
}

/** One that was paid, with its charge. */
export function paidIntent(changes: object = {}): object {
  const booked = { id: "txn_1", object: "balance_transaction", fee: 4, currency: "cny", net: 96 };
  const charge = { id: "ch_1", object: "charge", created: 1_700_000_060, balance_transaction: booked };
  return intent({ status: "succeeded", amount_received: 100, latest_charge: charge, ...changes });
}

/** A page that waits for its buyer, with changes. */
export function session(changes: object = {}): object {
  return {
    ...{ id: REF, object: "checkout.session", livemode: false, metadata: METADATA, mode: "payment" },
    ...{ amount_total: 100, currency: "cny", status: "open", payment_status: "unpaid" },
    ...{ payment_intent: null, url: `https://checkout.stripe.test/c/pay/${REF}` },
    ...changes,
  };
}

/** One that was paid. */
export function paidSession(changes: object = {}): object {
  const paid = { status: "complete", payment_status: "paid", url: null, payment_intent: paidIntent() };
  return session({ ...paid, ...changes });
}

/** A refund of that, with changes. */
export function refund(changes: object = {}): object {
  return {
    ...{ id: "re_1", object: "refund", amount: 60, currency: "cny", payment_intent: INTENT_ID },
    ...{ status: "succeeded", metadata: { ...METADATA, refund_no: "R1" } },
    ...changes,
  };
}

/** A notification, signed at `second`. */
export function signed(body: Uint8Array | string, second = 1_700_000_000, secret = SECRET): RawNotify {
  const bytes = Buffer.from(body);
  const hex = createHmac("sha256", secret).update(`${second}.`).update(bytes).digest("hex");
  return { headers: { "stripe-signature": `t=${second},v1=${hex}` }, body: bytes };
}

/** An event about an object. */
export function event(type: string, object: object, changes: object = {}): object {
  const head = { id: "evt_1", object: "event", api_version: "2026-10-28.endive", created: 1_700_000_000 };
  return { ...head, type, livemode: false, data: { object }, ...changes };
}

export function yes<T>(said: Answer<T>): T {
  assert.ok(said.kind === "yes", JSON.stringify(said));
  return said.value;
}

export function reasonOf(said: Answer<unknown>): string {
  assert.ok(said.kind === "no", JSON.stringify(said));
  return said.reason;
}
