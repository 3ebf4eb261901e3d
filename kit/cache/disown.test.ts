import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cacheConfig } from "@mall/kit/config";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { until, whyNoRedis } from "@mall/kit/testing";
import type { Redis } from "ioredis";
import { type Cache, createCache } from "./cache.ts";
import { TEST_PREFIX, TestCaches, textSource } from "./test-cache.ts";

const NOTES = `cache-runs:${TEST_PREFIX}`;
const KEY = `${TEST_PREFIX}id:1`;

describe("rows that a process changes without a word", { skip: whyNoRedis() ?? false }, () => {
  let caches: TestCaches;
  let go: Redis;

  before(async () => {
    caches = await TestCaches.start();
    go = caches.connect();
  });
  after(() => caches.stop());

  const openSilent = async (): Promise<Cache> => {
    const options = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
    const silent = await createCache(cacheConfig.parse([{ Host: caches.redis.host }]), options);
    silent.disown(TEST_PREFIX);
    return silent;
  };
  const noteIsGone = async (): Promise<boolean> => (await go.exists(NOTES)) === 0;
  const leaveOld = async (): Promise<void> => {
    await go.set(KEY, "old", "EX", 600);
  };
  const read = (cache: Cache): Promise<string | undefined> =>
    cache.take(
      KEY,
      textSource(async () => "new"),
    );

  /** Does something while no reader is there but those that it opens: each notes the run of Redis that it finds. */
  const withReaders = async (work: (open: () => Promise<Cache>) => Promise<void>): Promise<void> => {
    const readers: Cache[] = [];
    await work(async () => {
      const reader = await caches.openTrusted();
      readers.push(reader);
      return reader;
    });
    await Promise.all(readers.map((reader) => reader.close()));
  };

  it("are believed by no reader that begins after it, nor by one that begins after a reader beside it", async () => {
    await withReaders(async (openReader) => {
      await openReader();
      await leaveOld();
      const silent = await openSilent();
      await until("the note is gone", noteIsGone);
      assert.equal(await read(await openReader()), "new", "began beside it");
      await leaveOld();
      await silent.close();
      assert.ok(await noteIsGone());
      assert.equal(await read(await openReader()), "new", "began after it");
    });
  });

  it("are not taken for good again where its Redis comes back with what it had saved", async () => {
    await withReaders(async (openReader) => {
      await openReader();
      await go.save();
    });
    const silent = await openSilent();
    await until("the note is gone", noteIsGone);
    await caches.redis.kill();
    await caches.redis.restart();
    await until("the note is gone", () => noteIsGone().catch(() => false));
    await silent.close();
  });

  it("keep their entries and notes where nothing is said about them", async () => {
    const reader = await caches.openTrusted();
    await leaveOld();
    assert.equal(await read(reader), "old");
    assert.equal(await read(await caches.openTrusted()), "old");
  });
});
