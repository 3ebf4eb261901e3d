import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { createNetworkTransport, type HttpRequest } from "@mall/kit/http";
import { systemRuntime } from "@mall/kit/runtime";
import { buildGoPrograms, freePort, type GoServer, startGoServer } from "@mall/kit/testing";
import type { SimulatorWorld } from "../test-simulator-world.ts";
import { openSimulatedStripe } from "./test-simulated-stripe.ts";

/** Built before the tests are run, by `tools/backends.ts`. */
const built = await buildGoPrograms({
  variable: "MALL_TEST_STRIPE_MOCK",
  folder: join(import.meta.dirname, "stripe-mock"),
  output: join(import.meta.dirname, "../../../../node_modules/.cache/mall-stripe-mock"),
});
const call = () => backgroundCall();

describe("what Stripe is asked, held to Stripe's own mock", {
  skip: typeof built === "string" ? false : built.skipped,
  timeout: 120_000,
}, () => {
  let mock: GoServer;
  let url: string;

  before(async () => {
    const port = await freePort();
    mock = await startGoServer({ binary: join(String(built), "go") }, [`127.0.0.1:${port}`], port);
    url = `http://127.0.0.1:${port}`;
  });
  after(() => mock.stop());

  const transport = createNetworkTransport({ runtime: systemRuntime });
  const askMock = async (request: HttpRequest): Promise<string> => {
    const { pathname, search } = new URL(request.url);
    const answer = await transport.send(
      { ...request, url: `${url}${pathname}${search}` },
      { timeoutMs: 60_000 },
    );
    const what = `${request.method} ${pathname.replace(/(cs|pi|re|ch|py|txn|dp)_[^/]*/, ":$1")}`;
    return answer.status === 200 ? what : `${what}: ${Buffer.from(answer.body)}`;
  };

  const operations = {
    checkout: [
      "GET /v1/checkout/sessions",
      "GET /v1/checkout/sessions/:cs",
      "POST /v1/checkout/sessions",
      "POST /v1/checkout/sessions/:cs/expire",
    ],
    // Whoever does not know by what product a number was opened looks among both.
    intent: [
      "GET /v1/checkout/sessions",
      "GET /v1/payment_intents",
      "GET /v1/payment_intents/:pi",
      "POST /v1/payment_intents",
      "POST /v1/payment_intents/:pi/cancel",
    ],
  };
  for (const [product, own] of Object.entries(operations)) {
    it(`has no operation and no parameter wrong with a ${product}`, async () => {
      const world = await openSimulatedStripe(product === "intent" ? "intent" : "checkout");
      try {
        await useAll(world);
        const answers = new Set(await Promise.all(world.requests.map(askMock)));
        const after = ["GET /v1/refunds", "POST /v1/refunds", "GET /v1/disputes/:dp"];
        assert.deepEqual([...answers].toSorted(), [...own, ...after].toSorted());
      } finally {
        await world.close();
      }
    });
  }

  it("refuses a parameter that Stripe does not have, so that the above means something", async () => {
    const world = await openSimulatedStripe("checkout");
    try {
      await useAll(world);
      const [first] = world.requests;
      assert.ok(first !== undefined);
      const body = Buffer.concat([first.body ?? Buffer.of(), Buffer.from("&nonsense=1")]);
      assert.match(await askMock({ ...first, body }), /additional properties are not allowed/);
    } finally {
      await world.close();
    }
  });
});

/** Pays, refunds and closes trades by every operation that the channel has. */
async function useAll({ channel, pay, advance, now, simulator }: SimulatorWorld): Promise<void> {
  const money = { amount: 1990, currency: "CNY" };
  const open = async (outTradeNo: string) => {
    const [product] = channel.products;
    const attempt = { outTradeNo, ...money, subject: "tea", expireAt: now() + 3_600_000, product };
    assert.equal((await channel.prepay(call(), attempt)).kind, "yes");
    return { outTradeNo, channelRef: "", beganAt: now() };
  };
  const paid = await open("P1N1");
  await pay("P1N1");
  assert.equal((await channel.query(call(), paid)).kind, "yes");
  const [trade] = await simulator.trades();
  const dispute = await simulator.dispute(trade?.outTradeNo ?? "", { kind: "inquiry" });
  assert.equal((await channel.queryDispute?.(call(), dispute))?.kind, "yes");
  const ref = { trade: paid, refundNo: "R1" };
  const refund = { ...ref, amount: 500, currency: "CNY", total: money.amount, reason: "torn" };
  assert.equal((await channel.refund(call(), refund)).kind, "yes");
  await advance(1000);
  assert.equal((await channel.queryRefund(call(), ref)).kind, "yes");
  assert.equal((await channel.close(call(), await open("P2N1"))).kind, "yes");
}
