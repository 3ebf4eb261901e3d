import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { JobOutcome } from "@mall/kit/jobs";
import { createManualRuntime, forEachDatabase } from "@mall/kit/testing";
import type { Channel } from "../channels/channel.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { PAY_JOB } from "../rpc/pay-jobs.ts";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { createAskingLimits } from "./asking-limits.ts";
import { NO_TURN_MS } from "./poll-pace.ts";
import { queryAttempt } from "./query-attempt.ts";

const PAYMENTS = 500;
/** As many as a payment may have. */
const ATTEMPTS_EACH = 20;
const ALL = PAYMENTS * ATTEMPTS_EACH;
/** So many are followed; each costs commits to disk. */
const FOLLOWED = 400;
/** `Jobs.Concurrency`, of two kinds of jobs, and the test's own requests. */
const BUSIEST_MAX = 2 * 16 + 2;
/** Besides those that are run: ones whose end is being written down. */
const CLAIMED_MAX = 4 * BUSIEST_MAX;
const EXPIRE_MS = 30 * 60_000;

forEachDatabase("ten thousand open attempts", (databases) => {
  let world: PayWorld;
  let payIds: number[];

  before(async () => {
    world = await openPayWorld(databases);
    payIds = await Promise.all(
      Array.from({ length: PAYMENTS }, async () => {
        const order = world.orders.add({ uid: 1 });
        const { id } = await world.client.create(call(), { uid: 1, oid: order.id, amount: order.amount });
        return id;
      }),
    );
    await Promise.all(chunks(payIds, PAYMENTS / 10).map(openAttempts));
  });
  after(() => world.close());

  /** As if their buyers had asked for a channel as often as they may, and the channel had answered none. */
  const openAttempts = async (ids: readonly number[]): Promise<void> => {
    const { context, database, runtime } = world;
    const expireTime = new Date(runtime.now() + EXPIRE_MS);
    const attempts = await Promise.all(
      Array.from({ length: ids.length * ATTEMPTS_EACH }, (_, index) => {
        const payId = ids[Math.floor(index / ATTEMPTS_EACH)] ?? 0;
        const outTradeNo = `P${payId}N${index}`;
        const attempt = { payId, outTradeNo, channel: "sandbox", amount: 500, currency: "CNY", expireTime };
        return context.attemptModel.insert({ ...attempt, state: ATTEMPT_STATE.unknown });
      }),
    );
    await database.transaction(async (tx) => {
      for (const id of attempts) await context.jobs.queryAttempt(tx, { id, channel: "sandbox" });
    });
  };
  const count = async (sql: string, parameters: (string | number)[]): Promise<number> =>
    Number((await world.database.read({ sql, parameters }))[0]?.n);
  const openAttemptsLeft = (): Promise<number> =>
    count("SELECT COUNT(*) AS n FROM pay_attempt WHERE state = ?", [ATTEMPT_STATE.unknown]);
  const asked = (): Promise<number> =>
    count("SELECT COUNT(*) AS n FROM job WHERE kind = ? AND attempts > 0", [PAY_JOB.queryAttempt]);
  const assertFewAtOnce = async (): Promise<void> => {
    assert.ok(world.busiest <= BUSIEST_MAX, `${world.busiest} requests at once`);
    const claimed = await count("SELECT COUNT(*) AS n FROM job WHERE claim <> ''", []);
    assert.ok(claimed <= CLAIMED_MAX, `${claimed} jobs claimed`);
  };

  it("let no payment have one more, and change nothing by that", async () => {
    const [id = 0] = payIds;
    const known = await world.client.detail(call(), { id });
    await refused(world.client.prepay(call(), { id, channel: "sandbox" }), "PAY_TOO_MANY_ATTEMPTS");
    assert.deepEqual(await world.client.detail(call(), { id }), known);
    assert.equal(await openAttemptsLeft(), ALL);
  });

  it("are asked about a few at a time, and whoever pays meanwhile need not wait", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    world.runtime.shift(5_000);
    await world.client.sync(call(), { id });
    await world.until("the order is paid", () => order.status === 1);
    assert.ok((await asked()) < ALL, "it did not wait for the others");
    await world.until("many are asked about", async () => (await asked()) > FOLLOWED);
    await assertFewAtOnce();
    assert.equal(await openAttemptsLeft(), ALL);
  });

  it("are left for another time where others have all turns of their account", async () => {
    const [attempt] = await world.context.attemptModel.findOpen(payIds[0] ?? 0);
    const runtime = createManualRuntime(world.runtime.now());
    const askingLimits = createAskingLimits(runtime, undefined, 1);
    await askingLimits.poll.take("sandbox");
    const asking = queryAttempt({ ...world.context, runtime, askingLimits }, call(), {
      attemptId: attempt?.id ?? 0,
    });
    let end: JobOutcome | undefined;
    void asking.then((outcome) => {
      end = outcome;
    });
    await world.until("it has given up its place", async () => {
      runtime.advance(1000);
      await askingLimits.poll.take("sandbox");
      return end !== undefined;
    });
    assert.deepEqual(end, { again: NO_TURN_MS });
  });

  it("are not asked about where they ended while they waited for a turn", async () => {
    const [attempt] = await world.context.attemptModel.findOpen(payIds[1] ?? 0);
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(attempt && sandbox);
    const silent: Channel = { ...sandbox, query: () => assert.fail("it was asked about") };
    const runtime = createManualRuntime(world.runtime.now());
    const askingLimits = createAskingLimits(runtime, undefined, 1);
    await askingLimits.poll.take("sandbox");
    const context = { ...world.context, runtime, askingLimits, channels: new Map([["sandbox", silent]]) };
    const asking = queryAttempt(context, call(), { attemptId: attempt.id });
    await world.until("it waits", () => runtime.timersPending > 0);
    await world.context.attemptModel.update(attempt.id, { state: ATTEMPT_STATE.failed });
    runtime.advance(1000);
    assert.equal(await asking, undefined);
  });

  it("leave lists as they are, a page at a time", async () => {
    const seen: number[] = [];
    for (let before = 0; ; ) {
      const { data } = await world.client.list(call(), { status: 0, before, limit: 100 });
      assert.ok(data.length <= 100);
      seen.push(...data.map(({ id }) => id));
      before = data.at(-1)?.id ?? 0;
      if (before === 0) break;
    }
    assert.deepEqual(
      seen,
      payIds.toSorted((left, right) => right - left),
    );
    await refused(world.client.list(call(), { before: 0, limit: 501 }), "INVALID_FIELD");
  });

  it("are closed at their channel and here when their time is over, and their payments with the last of each", async () => {
    world.runtime.shift(EXPIRE_MS);
    const closed = () => world.client.list(call(), { status: 2, before: 0, limit: 500 });
    await world.until("many are closed", async () => (await openAttemptsLeft()) < ALL - FOLLOWED);
    await world.until("payments are closed", async () => (await closed()).data.length > 0);
    await assertFewAtOnce();
    for (const { id } of (await closed()).data) {
      assert.deepEqual(await world.context.attemptModel.findOpen(id), []);
    }
  });
});

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
