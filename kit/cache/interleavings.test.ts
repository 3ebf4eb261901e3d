import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { cacheConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { createManualRuntime, type ManualRuntime, until, whyNoRedis } from "@mall/kit/testing";
import type { Redis } from "ioredis";
import { type Cache, createCache } from "./cache.ts";
import { TEST_PREFIX, TestCaches, textSource } from "./test-cache.ts";
import { drawFrom, Steering, steeredClient } from "./test-steering.ts";

const RUNS = 250;
const PROCESSES = 2;
const OPERATIONS = [3, 9] as const;
/** Turns that may pass before an operation begins, so that some begin when others have ended. */
const LATE_TURNS_MAX = 30;
/** Few die: until its mark runs out, nothing is cached of what such a process wrote. */
const KINDS = [
  "read",
  "read",
  "read",
  "read",
  "write",
  "write",
  "write",
  "read",
  "read",
  "writeAndDie",
] as const;

/** A row with a version for its value, and what happens to it. */
class VersionedRow {
  readonly #key: string;
  readonly #steering: Steering;
  #committed = 0;

  constructor(key: string, steering: Steering) {
    this.#key = key;
    this.#steering = steering;
  }

  async read(cache: Cache): Promise<void> {
    const known = this.#committed;
    const source = textSource(async () => {
      await this.#steering.turn("the database is read");
      const value = String(this.#committed);
      await this.#steering.turn("the database answers");
      return value;
    });
    const answer = Number(await cache.take(this.#key, source));
    assert.ok(answer >= known, `an answer of version ${answer} to a question asked at ${known}`);
  }

  async write(cache: Cache): Promise<void> {
    const write = cache.begin([this.#key]);
    await write.begun;
    await this.#commit();
    await write.end(true);
  }

  /** By a process that ends right after its commit: nothing is deleted any more. */
  async writeAndDie(cache: Cache): Promise<void> {
    await cache.begin([this.#key]).begun;
    await this.#commit();
  }

  async #commit(): Promise<void> {
    await this.#steering.turn("a commit");
    this.#committed += 1;
    await this.#steering.turn("a commit is answered");
  }
}

describe("the cache's commands, in whatever order they arrive", { skip: whyNoRedis() ?? false }, () => {
  let caches: TestCaches;
  let runtime: ManualRuntime;
  let opened: Cache[];
  let go: Redis;
  let steering: Steering | undefined;

  before(async () => {
    caches = await TestCaches.start();
    go = caches.connect();
    // Its time stands still: no command is given up for lost.
    runtime = createManualRuntime();
    opened = await Promise.all(
      Array.from({ length: PROCESSES }, () => {
        const client = steeredClient(caches.connect(), () => steering);
        const options = { runtime, log: silentLogger, observer: noopObserver };
        return createCache(cacheConfig.parse([{ Host: caches.redis.host }]), {
          ...options,
          openClient: async () => client,
        });
      }),
    );
    for (const cache of opened) {
      cache.claim(TEST_PREFIX);
      await until(
        "the cache believes Redis",
        () => {
          runtime.advance(1);
          return believes(cache);
        },
        { everyMs: 0 },
      );
    }
  });
  after(() => caches.stop());

  const believes = async (cache: Cache): Promise<boolean> => {
    const key = `${TEST_PREFIX}trusted`;
    await go.set(key, "there");
    const loaded = textSource(async () => "loaded");
    return (await cache.take(key, loaded)) === "there";
  };

  it("never make an answer older than its question, whoever reads, writes and dies meanwhile", async () => {
    const first = randomInt(2 ** 31);
    for (let seed = first; seed < first + RUNS; seed += 1) await play(seed);
  });

  async function play(seed: number): Promise<void> {
    const draw = drawFrom(seed);
    const pick = (low: number, high: number): number => low + Math.floor(draw() * (high - low + 1));
    const own = new Steering(draw);
    const row = new VersionedRow(`${TEST_PREFIX}id:${seed}`, own);
    steering = own;
    const isFilled = draw() < 0.5;
    if (isFilled && opened[0] !== undefined) await Promise.all([row.read(opened[0]), own.run()]);
    const begin = async (): Promise<void> => {
      const kind = KINDS[pick(0, KINDS.length - 1)] ?? "read";
      const cache = opened[pick(0, PROCESSES - 1)];
      assert.ok(cache !== undefined);
      for (let turns = pick(0, LATE_TURNS_MAX); turns > 0; turns -= 1) await own.turn("-");
      await own.turn(`a ${kind} begins`);
      await row[kind](cache);
    };
    const operations = Promise.all(Array.from({ length: pick(...OPERATIONS) }, begin));
    const last = operations.then(() => Promise.all(opened.map((cache) => row.read(cache))));
    last.catch(() => {});
    await own.run();
    await last.catch((error: Error) => {
      throw new Error(
        `seed ${seed}: ${error.message}\n${own.steps.filter((step) => step !== "-").join("\n")}`,
      );
    });
  }
});
