import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { HttpStreams } from "@mall/kit/http";
import { dayAt } from "../bills/bill-day.ts";
import type { Channel } from "../channel.ts";
import { itBills } from "../test-bill-conformance.ts";
import type { SimulatorWorld } from "../test-simulator-world.ts";
import { openWechatWorld } from "./test-wechat-world.ts";

const call = new Call();

describe("a bill of WeChat Pay", () => {
  itBills("wechat", () => openWechatWorld("public-key"));

  it("is fetched with a signature, and known by its hash", async () => {
    const world = await paidWorld();
    const bill = await read(world);
    assert.ok(bill.kind === "yes");
    assert.equal((await Array.fromAsync(bill.value.lines)).length, 1);
    const download = world.requests.at(-1);
    assert.match(download?.headers.authorization ?? "", /^WECHATPAY2-SHA256-RSA2048 mchid=/);
    world.simulator.setFaults([{ fault: "bill.altered", times: 1 }]);
    const altered = await read(world);
    assert.ok(altered.kind === "yes");
    await assert.rejects(Array.fromAsync(altered.value.lines), { reason: "BAD_ANSWER" });
    await world.close();
  });

  it("that is not made yet is refused, and of a day without business there is none", async () => {
    const world = await openWechatWorld("public-key");
    const none = await read(world);
    assert.ok(none.kind === "yes" && !none.value.isThere);
    world.simulator.setFaults([{ fault: "bill.creating", times: 1 }]);
    const refused = await read(world);
    assert.deepEqual(refused.kind === "no" && refused.reason, "STATEMENT_CREATING");
    await world.close();
  });

  it("that ends too early, is not packed, or is refused by whoever has it, is none", async () => {
    const world = await paidWorld();
    const changed = (change: (whole: Buffer) => Uint8Array, status = 200): HttpStreams => ({
      open: async (request, options) => {
        const answer = await world.streams.open(request, options);
        const whole = Buffer.concat(await Array.fromAsync(answer.body));
        return { ...answer, status, body: once(change(whole)) };
      },
    });
    for (const streams of [
      changed((whole) => whole.subarray(0, -9)),
      changed((whole) => whole.subarray(0, 5)),
      changed(() => Buffer.from("<html>")),
      changed(() => Buffer.of()),
      changed((whole) => whole, 404),
    ]) {
      const bill = await read(world, streams);
      assert.ok(bill.kind === "yes");
      await assert.rejects(Array.fromAsync(bill.value.lines), { reason: "BAD_ANSWER" });
    }
    await world.close();
  });
});

/** A world in which one trade was paid today. */
async function paidWorld(): Promise<SimulatorWorld> {
  const world = await openWechatWorld("public-key");
  const { channel, runtime } = world;
  const money = { amount: 100, currency: "CNY", subject: "a phone", product: "qr" } as const;
  await channel.prepay(call, { outTradeNo: "PAY001", ...money, expireAt: runtime.now() + 600_000 });
  await world.pay("PAY001");
  return world;
}

function read({ channel, runtime, streams: own }: SimulatorWorld, streams: HttpStreams = own) {
  const bills = billsOf(channel);
  return bills.read(call, { day: dayAt(runtime.now(), bills.aheadMs), streams });
}

function billsOf({ bills }: Channel): NonNullable<Channel["bills"]> {
  assert.ok(bills !== undefined);
  return bills;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
