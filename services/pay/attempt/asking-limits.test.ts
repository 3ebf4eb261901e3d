import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createCache } from "@mall/kit/cache";
import { cacheConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, whyNoRedis } from "@mall/kit/testing";
import { createAskingLimits } from "./asking-limits.ts";

const SOURCES = { log: silentLogger, observer: noopObserver, runtime: systemRuntime };

it("replicas with a Redis in common ask about a payment as often as one does; without, each does", {
  skip: whyNoRedis() ?? false,
  timeout: 120_000,
}, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.stop());
  const replica = async () => {
    const cache = await createCache(cacheConfig.parse([{ Host: redis.host }]), SOURCES);
    t.after(() => cache.close());
    const probe = cache.attempts({ name: "probe", attemptsMax: 1, windowMs: 1 });
    while ((await probe.take("connected")) === undefined) await setImmediate();
    return createAskingLimits(systemRuntime, cache, 5);
  };
  const together = [await replica(), await replica()];
  const apart = [1, 2].map(() => createAskingLimits(systemRuntime, undefined, 5));
  for (const name of ["sync", "shut"] as const) {
    const countTaken = async (limits: typeof apart): Promise<number> => {
      const waits = await Promise.all(
        Array.from({ length: 10 }, () => limits).flatMap((each) => each.map((one) => one[name].take("1"))),
      );
      return waits.filter((wait) => wait === 0).length;
    };
    assert.equal(await countTaken(together), 5, name);
    assert.equal(await countTaken(apart), 10, name);
  }
});
