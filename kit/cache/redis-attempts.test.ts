import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { AttemptLimiter, SharedAttemptLimiter } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { until, whyNoRedis } from "@mall/kit/testing";
import type { Redis } from "ioredis";
import type { Cache } from "./cache.ts";
import { TestCaches } from "./test-cache.ts";

const COUNT = { name: "test", attemptsMax: 3, windowMs: 60_000 };
/** One command's wait for an answer, on a busy machine. */
const ANSWER_MS_MAX = 1500;

describe("attempts that processes count together", { skip: whyNoRedis() ?? false }, () => {
  let caches: TestCaches;
  let go: Redis;
  /** Limiters as two processes have them. */
  let first: SharedAttemptLimiter;
  let second: SharedAttemptLimiter;

  const limiterOn = (cache: Cache, count = COUNT): SharedAttemptLimiter => {
    const own = new AttemptLimiter({ runtime: systemRuntime, keysMax: 100, ...count });
    return new SharedAttemptLimiter(own, cache.attempts(count));
  };

  beforeEach(async () => {
    caches = await TestCaches.start();
    go = caches.connect();
    first = limiterOn(await caches.openTrusted());
    second = limiterOn(await caches.openTrusted());
  });
  afterEach(() => caches.stop());

  it("are as many as one process would allow, by whichever they are made", async () => {
    const waits: number[] = [];
    for (const limiter of [first, second, first, second, first]) waits.push(await limiter.take("a"));
    assert.deepEqual(
      waits.map((wait) => wait > 0),
      [false, false, false, true, true],
    );
    assert.ok(
      waits.every((wait) => wait <= 60),
      `waits ${waits}`,
    );
    assert.equal(await second.take("b"), 0, "another key has its own");
  });

  it("are not exceeded by guesses in parallel", async () => {
    const limiters = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? first : second));
    const waits = await Promise.all(limiters.map((limiter) => limiter.take("a")));
    assert.equal(waits.filter((wait) => wait === 0).length, COUNT.attemptsMax);
  });

  it("begin anew when their window is over", async () => {
    const short = limiterOn(await caches.openTrusted(), { name: "short", attemptsMax: 1, windowMs: 300 });
    assert.equal(await short.take("a"), 0);
    assert.equal(await short.take("a"), 1);
    await until("the window is over", async () => (await short.take("a")) === 0);
  });

  it("are forgotten by all after a success at one, and given back where one came to nothing", async () => {
    for (const limiter of [first, second, first]) await limiter.take("a");
    second.clear("a");
    await until("the attempts are forgotten", async () => (await first.take("a")) === 0);
    const idle = await first.count("a");
    assert.equal(await second.take("a"), 0);
    const refused = await second.count("a");
    assert.notEqual(refused.waitSeconds, 0);
    refused.giveBack();
    idle.giveBack();
    await until("one attempt is given back", async () => (await second.take("a")) === 0);
    assert.notEqual(await second.take("a"), 0, "one was given back, and no more");
  });

  it("stand under keys of their own that end by themselves", async () => {
    await first.take("a");
    const [key = "", ...others] = await go.keys("mall:*");
    assert.deepEqual([key, others], ["mall:attempts:test:a", []]);
    assert.ok((await go.pttl(key)) > 0);
  });

  for (const [what, fail, mend] of [
    ["is gone", () => caches.redis.kill(), () => {}],
    ["hangs", async () => caches.redis.freeze(), () => caches.redis.thaw()],
    ["is full", () => go.config("SET", "maxmemory", "1"), () => {}],
  ] as const) {
    it(`are counted by each process for itself while Redis ${what}, and nobody waits for long`, async () => {
      await first.take("a");
      await fail();
      const startedAt = performance.now();
      const waits: number[] = [];
      for (let attempt = 0; attempt < 4; attempt += 1) waits.push(await second.take("b"));
      assert.deepEqual(waits.slice(0, 3), [0, 0, 0]);
      assert.ok((waits[3] ?? 0) > 0);
      assert.equal(await first.take("b"), 0);
      assert.ok(performance.now() - startedAt < ANSWER_MS_MAX);
      mend();
    });
  }

  it("are counted together again once Redis is back", async () => {
    await caches.redis.kill();
    assert.equal(await first.take("a"), 0);
    await caches.redis.restart();
    await until("the first counts in Redis again", async () => {
      await first.take("back");
      return (await go.exists("mall:attempts:test:back").catch(() => 0)) === 1;
    });
    await until("the second counts in Redis again", async () => {
      await second.take("back too");
      return (await go.exists("mall:attempts:test:back too")) === 1;
    });
    for (const limiter of [first, second, first]) assert.equal(await limiter.take("c"), 0);
    assert.ok((await second.take("c")) > 0);
  });
});
