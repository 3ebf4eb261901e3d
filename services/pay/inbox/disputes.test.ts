import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { NOTIFY_STATE } from "../model/pay-notify-model.ts";
import { assertBooks, call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { storeNotify } from "./notifications.ts";

forEachDatabase("a dispute that a channel tells of", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  /** A payment that was paid, with its number at the channel. */
  const paid = async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    const attempt = await world.context.attemptModel.findOneByOutTradeNo(outTradeNo);
    assert.ok(attempt !== undefined && attempt.channelTradeNo !== "");
    return { id, outTradeNo, tradeNo: attempt.channelTradeNo };
  };
  const hear = async (eventKey: string, tradeNo: string, isOver: boolean): Promise<number> => {
    const parsed = { kind: "dispute", eventKey, outTradeNo: "", tradeNo, isOver } as const;
    const raw = { headers: {}, body: Buffer.from("{}"), receivedAt: world.runtime.now() };
    await storeNotify(world.context, { channel: "sandbox", ...raw, parsed });
    const row = await world.context.notifyModel.findOneByChannelEventKey("sandbox", eventKey);
    assert.ok(row);
    await world.until(
      `${eventKey} was acted on`,
      async () => (await stateOf(row.id)) !== NOTIFY_STATE.received,
    );
    return row.id;
  };
  const stateOf = async (id: number) => (await world.context.notifyModel.findOne(id))?.state;
  const waiting = async () => {
    const { kinds } = await world.client.attention(call(), { kind: "dispute", limit: 0 });
    return kinds[0]?.rows.map(({ id, payId, amount }) => [id, payId, amount]);
  };

  it("waits for somebody until it is over, stands in its payment's time line, and moves nothing", async () => {
    const { id, outTradeNo, tradeNo } = await paid();
    const other = await paid();
    const detail = await world.client.detail(call(), { id });
    const events = [await hear("evt-1", tradeNo, false), await hear("evt-2", tradeNo, false)];
    await hear("evt-other", other.tradeNo, false);
    assert.deepEqual(await waiting(), [
      [outTradeNo, id, 500],
      [other.outTradeNo, other.id, 500],
    ]);
    const over = await hear("evt-3", tradeNo, true);
    assert.deepEqual(await waiting(), [[other.outTradeNo, other.id, 500]]);
    for (const event of [...events, over]) assert.equal(await stateOf(event), NOTIFY_STATE.processed);
    const timeline = await world.client.timeline(call(), { id });
    const told = timeline.events.filter(({ kind }) => kind === "notification").map(({ subject }) => subject);
    assert.deepEqual(told.filter((subject) => [...events, over].map(String).includes(subject)).length, 3);
    assert.deepEqual(await world.client.detail(call(), { id }), detail);
    await assertBooks(world, {});
    await hear("evt-late", tradeNo, false);
    assert.equal((await waiting())?.length, 2);
    await world.client.notifyReplay(call(), { id: over });
    await world.until("it is out of the list", async () => (await waiting())?.length === 1);
  });

  it("about money of nobody here is ignored", async () => {
    assert.equal(await stateOf(await hear("evt-foreign", "pi_of_another", false)), NOTIFY_STATE.ignored);
  });
});
