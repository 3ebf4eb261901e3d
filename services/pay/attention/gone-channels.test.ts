import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { JOB_STATE } from "@mall/kit/jobs";
import { type Logger, silentLogger } from "@mall/kit/log";
import { forEachDatabase } from "@mall/kit/testing";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import { call, openPayWorld, type PayProcess, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { warnOfGoneChannels } from "./gone-channels.ts";

/** Longer than a job that fails is tried again. */
const LONG_MS = 8 * 24 * 3_600_000;

forEachDatabase(
  "an account that is taken out of the configuration while something is open at it",
  (databases) => {
    let world: PayWorld;
    /** The same mall, started without the account. */
    let without: PayProcess;
    let paying: { readonly id: number; readonly outTradeNo: string };
    let paid: { readonly id: number; readonly attemptId: number };

    before(async () => {
      world = await openPayWorld(databases);
      const pay = async () => {
        const { id } = await world.openPay();
        const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
        return { id, outTradeNo };
      };
      const { id, outTradeNo } = await pay();
      await world.bank.pay(outTradeNo);
      await world.client.sync(call(), { id });
      const attempt = await world.context.attemptModel.findOneByOutTradeNo(outTradeNo);
      assert.ok(attempt);
      paid = { id, attemptId: attempt.id };
      paying = await pay();
      await world.stop();
      without = await world.replica({ Channels: {} });
    });
    after(() => world.close());

    const gone = async () => {
      const { kinds } = await without.client.attention(call(), { kind: "channel_gone", limit: 0 });
      return kinds.map(({ count, rows }) => [count, ...rows.map(({ id, text }) => `${id}: ${text}`)]);
    };
    const refund = async (refundNo: string): Promise<void> => {
      await without.client.refund(call(), { id: paid.id, refundNo, amount: 100, reason: "", requestedBy: 7 });
    };

    it("is told of with what is open, at the start and for as long as it lasts", async () => {
      await refund("R-gone-1");
      await refund("R-gone-2");
      assert.deepEqual(await gone(), [[3, "sandbox: 1 open attempt and 2 open refunds"]]);
      const warned: string[] = [];
      const log: Logger = { ...silentLogger, warn: (_fields, text) => warned.push(text) };
      await warnOfGoneChannels(without.context, log);
      assert.equal(warned.length, 1);
      assert.match(
        warned[0] ?? "",
        /^channel sandbox is not configured any more and has 1 open attempt and 2/,
      );
      await warnOfGoneChannels(world.context, log);
      assert.equal(warned.length, 1);
    });

    it("has its refunds settled by whoever made them, and only while it is gone", async () => {
      const settled = { refundNo: "R-gone-1", succeeded: true };
      await refused(world.client.settleRefund(call(), settled), "REFUND_NOT_BY_HAND");
      await without.client.settleRefund(call(), settled);
      const [made] = await without.context.refundModel.findByCause(paid.id, REFUND_CAUSE.request);
      assert.equal(made?.state, REFUND_STATE.succeeded);
      assert.deepEqual(await gone(), [[2, "sandbox: 1 open attempt and 1 open refund"]]);
    });

    it("keeps its jobs for as long as that takes, and goes on with them when it is back", async () => {
      const jobs = async () => {
        const rows = await world.database.query
          .selectFrom("job")
          .select(["unique_key", "kind", "attempts", "claim", "state"])
          .execute();
        assert.ok(rows.every(({ state }) => state !== JOB_STATE.dead));
        return rows.filter(
          ({ kind, state }) =>
            /^pay\.(query-attempt|refund)$/.test(String(kind)) && state === JOB_STATE.waiting,
        );
      };
      for (let time = 0; time < 3; time += 1) {
        const before = new Map((await jobs()).map((job) => [job.unique_key, Number(job.attempts)]));
        world.runtime.shift(LONG_MS);
        await world.until("the two that are open have looked again, and wait", async () => {
          const waiting = await jobs();
          const looked = waiting.filter(
            (job) => job.claim === "" && Number(job.attempts) > (before.get(job.unique_key) ?? 0),
          );
          return waiting.length === 2 && looked.length === 2;
        });
      }
      await world.bank.pay(paying.outTradeNo).catch(() => undefined);
      await without.stop();
      await world.replica();
      await world.untilLater("the attempt is over, and the refund made", async () => {
        const attempt = await world.context.attemptModel.findOneByOutTradeNo(paying.outTradeNo);
        const refunds = await world.context.refundModel.findByCause(paid.id, REFUND_CAUSE.request);
        return (
          attempt?.state === ATTEMPT_STATE.closed &&
          refunds.every(({ state }) => state === REFUND_STATE.succeeded)
        );
      });
      assert.equal(
        (await world.client.attention(call(), { kind: "channel_gone", limit: 0 })).kinds[0]?.count,
        0,
      );
    });
  },
);
