import { makeStripe } from "@mall/channel-sim/testing";
import { AppError } from "@mall/kit/errors";
import type { HttpTransport } from "@mall/kit/http";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import type { Channel, PayProduct, TradeRef } from "../channel.ts";
import type { ChannelWorld } from "../test-channel-conformance.ts";
import { GATEWAY, NOTIFY_URL, openSimulatorWorld, type SimulatorWorld } from "../test-simulator-world.ts";
import { encodeForm } from "./form.ts";
import { SIGNATURE_HEADER } from "./signature.ts";
import { createStripeChannel } from "./stripe-channel.ts";

/** As docs/channels.md has an endpoint made. */
const EVENTS = [
  ...["checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded"],
  ...["checkout.session.async_payment_failed", "payment_intent.succeeded", "payment_intent.canceled"],
  ...["refund.created", "refund.updated", "refund.failed"],
];
/** A request is sent as often before its outcome is unknown. */
const SENDS = 3;

/** Stripe, as the simulator is it, and the channel to an account there, which is paid by `product` first. */
export async function openSimulatedStripe(product: PayProduct): Promise<SimulatorWorld> {
  const account = makeStripe(createManualRuntime());
  const keys = { SecretKeys: [{ Key: account.secretKey }], WebhookSecrets: [] as { Secret: string }[] };
  const config = { Name: "stripe", Gateway: GATEWAY, Keys: keys, SuccessUrl: "https://shop.test/paid" };
  const wire = brokenWire();
  const world = await openSimulatorWorld({
    accounts: { stripe: [account] },
    name: "stripe",
    signedHeaders: [SIGNATURE_HEADER],
    createChannel: ({ runtime, http, log }) =>
      createStripeChannel(config, { runtime: hasty(runtime), http: wire.over(http), log }),
  });
  keys.WebhookSecrets.push({ Secret: await makeEndpoint(world, account.secretKey) });
  const { channel, ids } = remembering(world.channel, world.runtime, product);
  const pay: ChannelWorld["pay"] = async (outTradeNo) => {
    await world.simulator.pay("stripe", ids.get(outTradeNo) ?? "");
  };
  return Object.assign(world, { channel, pay, failNext: wire.failNext, endsByClosing: true } as const);
}

/** An endpoint's secret is Stripe's to make. */
async function makeEndpoint({ simulator }: SimulatorWorld, secretKey: string): Promise<string> {
  const { body } = await simulator.answer({
    method: "POST",
    url: "/v1/webhook_endpoints",
    headers: {
      authorization: `Bearer ${secretKey}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: Buffer.from(encodeForm({ url: NOTIFY_URL, enabled_events: EVENTS })),
  });
  return JSON.parse(Buffer.from(body).toString("utf8")).secret;
}

/** What waits is let go on, by as long as it waits. */
function hasty(runtime: ManualRuntime): ManualRuntime {
  return {
    ...runtime,
    setTimer: (callback, delayMs) => {
      const timer = runtime.setTimer(callback, delayMs);
      setImmediate(() => runtime.advance(delayMs));
      return timer;
    },
  };
}

/** The channel as a caller has it that kept when it began a trade, though not what Stripe calls it. */
function remembering(channel: Channel, runtime: ManualRuntime, product: PayProduct) {
  const ids = new Map<string, string>();
  const began = new Map<string, number>();
  const known = (trade: TradeRef): TradeRef => {
    return { ...trade, beganAt: began.get(trade.outTradeNo) ?? runtime.now() };
  };
  const remembers: Channel = {
    ...channel,
    products: product === "intent" ? ["intent", "checkout"] : ["checkout", "intent"],
    prepay: async (call, attempt) => {
      if (!began.has(attempt.outTradeNo)) began.set(attempt.outTradeNo, runtime.now());
      const answer = await channel.prepay(call, attempt);
      if (answer.kind === "yes") ids.set(attempt.outTradeNo, answer.value.channelRef ?? "");
      return answer;
    },
    query: (call, trade) => channel.query(call, known(trade)),
    close: (call, trade) => channel.close(call, known(trade)),
    refund: (call, refund) => channel.refund(call, { ...refund, trade: known(refund.trade) }),
    queryRefund: (call, refund) => channel.queryRefund(call, { ...refund, trade: known(refund.trade) }),
  };
  return { channel: remembers, ids };
}

/** Loses what is sent until nobody sends it again, or has somebody else answer. */
function brokenWire() {
  let fails: Parameters<ChannelWorld["failNext"]>[0] | undefined;
  let left = 0;
  const over = (http: HttpTransport): HttpTransport => ({
    send: async (request, options) => {
      if (options.timeoutMs <= 0) throw new Error("sent without time for an answer");
      if (left === 0) return http.send(request, options);
      left -= 1;
      if (fails === "request") throw lost();
      const answer = await http.send(request, options);
      if (fails === "answer") throw lost();
      return { ...answer, body: Buffer.from("<html>please log in</html>") };
    },
  });
  const failNext: ChannelWorld["failNext"] = (what) => {
    fails = what;
    left = what === "forged" ? 1 : SENDS;
  };
  return { over, failNext };
}

function lost(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}
