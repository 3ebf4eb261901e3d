import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import type { RawNotify } from "../channel.ts";
import { tradeRef } from "../test-channel-conformance.ts";
import type { SimulatorWorld } from "../test-simulator-world.ts";
import { MCH_ID, openWechatWorld } from "./test-wechat-world.ts";

const call = new Call();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How often certificates were asked for so far. */
function asked({ requests }: SimulatorWorld): number {
  return requests.filter(({ url }) => url.endsWith("/v3/certificates")).length;
}

/** The notification of a trade that is opened and paid. */
async function paidNotify(world: SimulatorWorld, outTradeNo: string): Promise<RawNotify> {
  const request = { outTradeNo, amount: 100, currency: "CNY", subject: "x", product: "qr" } as const;
  const opened = await world.channel.prepay(call, { ...request, expireAt: world.now() + HOUR_MS });
  assert.equal(opened.kind, "yes");
  await world.pay(outTradeNo);
  await world.advance(0);
  const notify = world.notifies.at(-1);
  assert.ok(notify !== undefined);
  return notify;
}

function withSerial({ headers, body }: RawNotify, serial: string): RawNotify {
  return { headers: { ...headers, "wechatpay-serial": serial }, body };
}

describe("the certificates of WeChat Pay", () => {
  it("are asked for before the first question, and every six hours; old ones serve while there are no others", async () => {
    const world = await openWechatWorld("certificate");
    const query = async () => (await world.channel.query(call, tradeRef("PAY001"))).kind;
    const together = await Promise.all([query(), query()]);
    assert.deepEqual([together, asked(world)], [["yes", "yes"], 1]);
    await world.advance(6 * HOUR_MS - 1);
    assert.deepEqual([await query(), asked(world)], ["yes", 1]);
    await world.advance(1);
    world.failNext("request");
    assert.deepEqual([await query(), asked(world)], ["yes", 1]);
    assert.deepEqual([await query(), asked(world)], ["yes", 1]);
    await world.advance(5 * MINUTE_MS);
    assert.deepEqual([await query(), asked(world)], ["yes", 2]);
    await world.close();
  });

  it("are replaced: one that is not known is asked for, both are good, and the latest is asked to be answered with", async () => {
    const world = await openWechatWorld("certificate");
    const { channel } = world;
    const old = await paidNotify(world, "PAY001");
    await world.advance(5 * MINUTE_MS);
    const { id } = await world.simulator.rotate(MCH_ID);
    const fresh = await paidNotify(world, "PAY002");
    assert.equal(fresh.headers["wechatpay-serial"], id);
    assert.equal((await channel.parseNotify(call, fresh, world.now())).outTradeNo, "PAY002");
    assert.equal((await channel.parseNotify(call, old, world.now())).outTradeNo, "PAY001");
    assert.equal(asked(world), 2);
    assert.equal((await channel.query(call, tradeRef("PAY001"))).kind, "yes");
    assert.equal(world.requests.at(-1)?.headers["wechatpay-serial"], id.replace(/^0+/, ""));
    await world.close();
  });

  it("are written with and without leading zeros, in either case, and of those that end one is asked for no more", async () => {
    const world = await openWechatWorld("certificate");
    const { channel } = world;
    const notify = await paidNotify(world, "PAY001");
    const serial = notify.headers["wechatpay-serial"] ?? "";
    assert.match(serial, /^0/);
    for (const written of [serial.slice(1), serial.toLowerCase(), `000${serial}`.slice(-40)]) {
      assert.equal((await channel.parseNotify(call, withSerial(notify, written), world.now())).kind, "trade");
    }
    await world.advance(6 * 365 * 24 * HOUR_MS);
    const answer = await channel.query(call, tradeRef("PAY001"));
    assert.equal(answer.kind, "unknown");
    await world.close();
  });

  it("are asked for no more often because somebody makes up their numbers", async () => {
    const world = await openWechatWorld("certificate");
    const notify = await paidNotify(world, "PAY001");
    const refused = async (serial: string): Promise<string> => {
      const parsing = world.channel.parseNotify(call, withSerial(notify, serial), world.now());
      return parsing.then(
        () => "taken",
        (error: Error) => String(Reflect.get(error, "reason")),
      );
    };
    for (let count = 0; count < 20; count += 1) assert.equal(await refused(`ABC${count}`), "NOTIFY_FORGED");
    assert.equal(asked(world), 1);
    await world.advance(5 * MINUTE_MS - 1);
    world.failNext("request");
    assert.equal(await refused("ABC"), "NOTIFY_FORGED");
    await world.advance(1);
    assert.equal(await refused("ABC"), "CHANNEL_UNAVAILABLE");
    assert.equal(await refused("ABD"), "CHANNEL_UNAVAILABLE");
    assert.equal(asked(world), 1);
    await world.close();
  });

  it("serve beside public keys, and are asked for only when one of them is named", async () => {
    const world = await openWechatWorld("public-key");
    const notify = await paidNotify(world, "PAY001");
    assert.match(notify.headers["wechatpay-serial"] ?? "", /^PUB_KEY_ID_/);
    assert.equal((await world.channel.parseNotify(call, notify, world.now())).outTradeNo, "PAY001");
    assert.equal(asked(world), 0);
    const parsing = world.channel.parseNotify(call, withSerial(notify, "ABC"), world.now());
    await assert.rejects(parsing, { reason: "NOTIFY_FORGED" });
    assert.equal(asked(world), 1);
    await world.close();
  });
});
