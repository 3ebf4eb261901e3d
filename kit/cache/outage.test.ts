import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, silentLogger } from "@mall/kit/log";
import { noopObserver, type Observer } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { until, whyNoRedis } from "@mall/kit/testing";
import type { TraceContext } from "@mall/kit/trace";
import type { Redis } from "ioredis";
import type { Cache } from "./cache.ts";
import { begun, SteeredRow, TEST_PREFIX, TestCaches, textSource, untilTrusted } from "./test-cache.ts";

const KEY = `${TEST_PREFIX}id:1`;
/** What a caller may lose to a Redis that has just gone: a few commands' time, on a busy machine. */
const SLOWEST_MS_MAX = 1500;

describe("cache whose Redis fails", { skip: whyNoRedis() ?? false }, () => {
  let caches: TestCaches;
  let go: Redis;
  let cache: Cache;
  let other: Cache;
  let row: SteeredRow;

  beforeEach(async () => {
    caches = await TestCaches.start(["--save 3600 1"]);
    go = caches.connect();
    cache = await caches.openTrusted();
    other = await caches.openTrusted();
    row = new SteeredRow("old");
  });
  afterEach(() => caches.stop());

  const write = async (value: string): Promise<void> => {
    const guard = await begun(cache, [KEY]);
    row.value = value;
    await guard.end(true);
  };

  it("is read from the database while Redis is not there, and from Redis once it is", async () => {
    await caches.redis.kill();
    const late = await caches.open();
    assert.equal(await late.take(KEY, row.source), "old");
    await write("new");
    assert.equal(await late.take(KEY, row.source), "new");
    await caches.redis.restart();
    await untilTrusted(late);
    assert.equal(await late.take(KEY, row.source), "new");
  });

  const failures: Readonly<Record<string, () => Promise<void>>> = {
    "is killed and comes back": async () => {
      await caches.redis.kill();
      await readOften(cache);
      await caches.redis.restart();
    },
    "is frozen and thaws": async () => {
      await caches.redis.freeze();
      await readOften(cache);
      caches.redis.thaw();
    },
  };
  for (const [what, fail] of Object.entries(failures)) {
    it(`gives right answers in time under load while Redis ${what}`, async () => {
      const traffic = new Traffic([cache, other]);
      const running = traffic.run();
      await until("the row is in Redis", async () => (await go.exists(KEY)) === 1);
      await fail();
      await untilTrusted(cache);
      await untilTrusted(other);
      traffic.end();
      await running;
      assert.ok(traffic.answers > 100, `${traffic.answers} answers`);
      assert.ok(traffic.slowestMs < SLOWEST_MS_MAX, `the slowest in ${traffic.slowestMs} ms`);
    });
  }

  it("deletes later what it could not delete, before it believes Redis again", async () => {
    await cache.take(KEY, row.source);
    await until("the row is in Redis", async () => (await go.get(KEY)) === "old");
    await caches.redis.freeze();
    // Once one command went unanswered, none is sent any more.
    await readOften(cache);
    await write("new");
    assert.equal(await cache.take(KEY, row.source), "new");
    caches.redis.thaw();
    await untilTrusted(cache);
    assert.equal(await cache.take(KEY, row.source), "new");
    assert.notEqual(await go.get(KEY), "old");
  });

  it("empties the cache if it cannot remember all that it could not delete", async () => {
    await cache.take(KEY, row.source);
    await until("the row is in Redis", async () => (await go.get(KEY)) === "old");
    await caches.redis.freeze();
    await readOften(cache);
    await write("new");
    await cache.delete(Array.from({ length: 100_001 }, (_, index) => `${TEST_PREFIX}id:${index + 10}`));
    caches.redis.thaw();
    await untilTrusted(cache);
    assert.equal(await cache.take(KEY, row.source), "new");
    assert.notEqual(await go.get(KEY), "old");
  });

  it("does not believe rows that a restarted Redis has from a snapshot", async () => {
    await cache.take(KEY, row.source);
    await until("the row is in Redis", async () => (await go.get(KEY)) === "old");
    await go.save();
    await write("new");
    await caches.redis.kill();
    await caches.redis.restart();
    await until("Redis answers", async () => go.status === "ready");
    // Those who deleted the row may all be gone: who comes new must see it too.
    for (const reader of [await caches.open(), cache, other]) {
      await until("the new row is in Redis", async () => {
        assert.equal(await reader.take(KEY, row.source), "new");
        return (await go.get(KEY)) === "new";
      });
    }
  });

  it("reads, and deletes what has changed, while Redis is full", async () => {
    await cache.take(KEY, row.source);
    await until("the row is in Redis", async () => (await go.get(KEY)) === "old");
    await go.config("SET", "maxmemory", "1");
    assert.equal(
      await cache.take(
        KEY,
        textSource(() => Promise.reject(new Error("asked"))),
      ),
      "old",
    );
    await write("new");
    assert.equal(await go.exists(KEY), 0);
    assert.equal(await cache.take(KEY, row.source), "new");
    await go.config("SET", "maxmemory", "0");
    await until("the new row is in Redis", async () => {
      assert.equal(await cache.take(KEY, row.source), "new");
      return (await go.get(KEY)) === "new";
    });
  });

  it("does at its close what it would do later", async () => {
    await write("new");
    await go.set(KEY, "old");
    await cache.close();
    assert.equal(await go.exists(KEY), 0);
  });

  it("tells its log and its observer, once each, that Redis went and that it came back", async () => {
    const seen = new Witness();
    const watched = await caches.openTrusted(seen);
    await caches.redis.freeze();
    await watched.take(KEY, row.source);
    await until("it is told that Redis does not answer", () => seen.lines.length === 1);
    caches.redis.thaw();
    await until("it is told that Redis answers again", () => seen.lines.length === 2);
    assert.match(seen.lines.join("\n"), /does not answer.*\n.*using the cache again/);
    assert.deepEqual(new Set(seen.outcomes), new Set(["unavailable", "miss", "hit"]));
    assert.ok(seen.errors.some((error) => error instanceof Error));
    assert.ok(seen.errors.includes(undefined));
  });
});

/** Reads many times more than a Redis that is away may cost time. */
async function readOften(cache: Cache): Promise<void> {
  for (let count = 0; count < 300; count += 1) {
    assert.equal(
      await cache.take(
        `${TEST_PREFIX}id:2`,
        textSource(async () => "two"),
      ),
      "two",
    );
  }
}

/** Processes that read and write one row; every answer must be as new as what was acknowledged before it. */
class Traffic {
  answers = 0;
  slowestMs = 0;
  readonly #caches: readonly Cache[];
  #ended = false;
  #written = 0;
  #committed = 0;
  #acknowledged = 0;

  constructor(caches: readonly Cache[]) {
    this.#caches = caches;
  }

  end(): void {
    this.#ended = true;
  }

  async run(): Promise<void> {
    const readers = [...this.#caches, ...this.#caches].map((cache) =>
      this.#repeat(1, () => this.#read(cache)),
    );
    await Promise.all([...readers, this.#repeat(7, () => this.#write())]);
  }

  async #repeat(pauseMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.#ended) {
      const startedAt = performance.now();
      await work();
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
      this.answers += 1;
      await sleep(pauseMs);
    }
  }

  async #read(cache: Cache): Promise<void> {
    const atLeast = this.#acknowledged;
    const read = await cache.take(
      KEY,
      textSource(async () => String(this.#committed)),
    );
    assert.ok(Number(read) >= atLeast, `read ${read} after ${atLeast} was acknowledged`);
  }

  async #write(): Promise<void> {
    this.#written += 1;
    const own = this.#written;
    const cache = this.#caches[own % this.#caches.length];
    assert.ok(cache !== undefined);
    const guard = await begun(cache, [KEY]);
    this.#committed = own;
    await guard.end(true);
    this.#acknowledged = own;
  }
}

/** Remembers what a cache says to its log and its observer. */
class Witness {
  readonly lines: string[] = [];
  readonly outcomes: string[] = [];
  readonly errors: unknown[] = [];

  readonly log: Logger = {
    ...silentLogger,
    info: (_, message) => void this.lines.push(message),
    warn: (_, message) => void this.lines.push(message),
    child: () => this.log,
  };

  readonly observer: Observer = {
    ...noopObserver,
    cache: (_, outcome) => void this.outcomes.push(outcome),
    redis: () => ({ trace: NO_TRACE, end: (error) => void this.errors.push(error) }),
  };
}

const NO_TRACE: TraceContext = {
  traceId: Buffer.from(systemRuntime.randomBytes(16)).toString("hex"),
  spanId: Buffer.from(systemRuntime.randomBytes(8)).toString("hex"),
  sampled: false,
  traceState: undefined,
  baggage: undefined,
};
