import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import type { Answer, Channel, TradeRef } from "../channels/channel.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { call, openPayWorld, type PayWorld } from "../rpc/test-pay-world.ts";
import { demandAnswer, shutAttempt } from "./ask-attempt.ts";

const MINUTE_MS = 60_000;

forEachDatabase("an attempt whose link no buyer has opened", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  it("is closed with its own end, and not before: until then the link can be paid", async () => {
    const { id: payId } = await world.openPay();
    const { context, asked } = withLinks(world.context);
    const expireTime = new Date(world.runtime.now() + 10 * MINUTE_MS);
    const row = {
      payId,
      outTradeNo: `L${payId}`,
      channel: "links",
      amount: 500,
      currency: "CNY",
      expireTime,
    };
    const state = ATTEMPT_STATE.pending;
    const id = await context.attemptModel.insert({ ...row, state, channelRef: "their-number" });
    const shut = async () => {
      const attempt = await context.attemptModel.findOne(id);
      assert.ok(attempt !== undefined);
      return shutAttempt(context, call(), attempt);
    };
    for (const laterMs of [0, 10 * MINUTE_MS]) {
      world.runtime.shift(laterMs);
      assert.equal(await shut(), "open");
      assert.equal((await context.attemptModel.findOne(id))?.state, state);
    }
    world.runtime.shift(MINUTE_MS);
    assert.equal(await shut(), "closed");
    assert.equal((await context.attemptModel.findOne(id))?.state, ATTEMPT_STATE.closed);
    const [trade] = asked;
    assert.deepEqual([trade?.outTradeNo, trade?.channelRef], [row.outTradeNo, "their-number"]);
    assert.ok(Math.abs((trade?.beganAt ?? 0) - world.runtime.now()) < 20 * MINUTE_MS);
  });
});

it("a channel that refuses to say where a trade stands has said nothing, and the log hears why", () => {
  const refusal = { kind: "no", reason: "SIGN_ERROR", message: "wrong signature" } as const;
  assert.throws(
    () => demandAnswer({ name: "wechat" }, refusal),
    (error) => {
      assert.ok(error instanceof AppError && error.cause instanceof Error);
      assert.deepEqual(
        [error.reason, error.cause.message],
        ["CHANNEL_UNAVAILABLE", "SIGN_ERROR: wrong signature"],
      );
      return true;
    },
  );
});

/** A context with a channel whose links are known to nobody but the buyer. */
function withLinks(context: ServiceContext): { context: ServiceContext; asked: TradeRef[] } {
  const sandbox = context.channels.get("sandbox");
  assert.ok(sandbox !== undefined);
  const asked: TradeRef[] = [];
  const absent = async (trade: TradeRef): Promise<Answer<{ readonly state: "absent" }>> => {
    asked.push(trade);
    return { kind: "yes", value: { state: "absent" } };
  };
  const links: Channel = {
    ...sandbox,
    name: "links",
    query: (_call, trade) => absent(trade),
    close: (_call, trade) => absent(trade),
  };
  return { context: { ...context, channels: new Map([["links", links]]) }, asked };
}
