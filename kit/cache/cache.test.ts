import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until, whyNoRedis } from "@mall/kit/testing";
import type { Redis } from "ioredis";
import type { Cache } from "./cache.ts";
import { begun, SteeredRow, TestCaches, textSource } from "./test-cache.ts";

describe("cache", { skip: whyNoRedis() ?? false }, () => {
  let caches: TestCaches;
  let cache: Cache;
  /** The cache of a second process. */
  let other: Cache;
  let go: Redis;
  let keys = 0;
  const newKey = (): string => {
    keys += 1;
    return `cache:test:id:${keys}`;
  };

  before(async () => {
    caches = await TestCaches.start();
    cache = await caches.openTrusted();
    other = await caches.openTrusted();
    go = caches.connect();
  });
  after(() => caches.stop());

  it("keeps what was loaded for seven days, give or take 5 %", async () => {
    const lives: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const key = newKey();
      assert.equal(
        await cache.take(
          key,
          textSource(async () => "row", { extraSeconds: 5 }),
        ),
        "row",
      );
      await until("the row is in Redis", async () => (await go.get(key)) === "row");
      lives.push(await go.ttl(key));
    }
    assert.ok(Math.min(...lives) >= 574_560 + 4 && Math.max(...lives) <= 635_040 + 5, `lives ${lives}`);
    assert.ok(Math.max(...lives) - Math.min(...lives) > 10_000, "lives are spread");
  });

  it("reads what a Go process left, without asking the database", async () => {
    const key = newKey();
    await go.set(key, "from go", "EX", 600);
    assert.equal(
      await cache.take(
        key,
        textSource(() => Promise.reject(new Error("asked"))),
      ),
      "from go",
    );
  });

  it("marks a missing row for a minute where inserts remove the mark, and believes it", async () => {
    const key = newKey();
    const missing = textSource(async () => undefined, { trustsPlaceholder: true });
    assert.equal(await cache.take(key, missing), undefined);
    await until("the placeholder is in Redis", async () => (await go.get(key)) === "*");
    const life = await go.ttl(key);
    assert.ok(life >= 56 && life <= 63, `life ${life}`);
    const asked = textSource(() => Promise.reject(new Error("asked")), { trustsPlaceholder: true });
    assert.equal(await other.take(key, asked), undefined);
  });

  it("neither leaves nor believes that mark where an insert of a Go process does not remove it", async () => {
    const key = newKey();
    await go.set(key, "*", "EX", 60);
    assert.equal(
      await cache.take(
        key,
        textSource(async () => "inserted"),
      ),
      "inserted",
    );
    const gone = newKey();
    assert.equal(
      await cache.take(
        gone,
        textSource(async () => undefined),
      ),
      undefined,
    );
    await until("the lease is gone", async () => (await go.exists(gone)) === 0);
  });

  it("lets no placeholder take the place of a row that came in between", async () => {
    const key = newKey();
    const row = new SteeredRow(undefined);
    row.hold();
    const source = { ...row.source, trustsPlaceholder: true };
    const reading = cache.take(key, source);
    await until("the row is being read", () => row.readers === 1);
    await go.set(key, "from go", "EX", 600);
    await row.release();
    assert.equal(await reading, undefined);
    await cache.take(
      newKey(),
      textSource(async () => "after it"),
    );
    assert.equal(await go.get(key), "from go");
  });

  for (const [what, plant] of [
    ["cannot be read", (key: string) => go.set(key, "bad {")],
    ["is no text", (key: string) => go.lpush(key, "element")],
    ["is empty, as a lease whose reader died leaves it", (key: string) => go.set(key, "", "PX", 50)],
  ] as const) {
    it(`replaces an entry that ${what}`, async () => {
      const key = newKey();
      await plant(key);
      await until("what was planted has given way to the row", async () => {
        assert.equal(
          await cache.take(
            key,
            textSource(async () => "row"),
          ),
          "row",
        );
        return (await go.type(key)) === "string" && (await go.get(key)) === "row";
      });
    });
  }

  it("asks the database once for all who ask at the same time", async () => {
    let loads = 0;
    const source = textSource(async () => {
      loads += 1;
      return "row";
    });
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.take(key, source)));
    assert.deepEqual(new Set(answers), new Set(["row"]));
    assert.equal(loads, 1);
  });

  it("asks Redis once for all rows of one tick, and each of them gets its own answer", async () => {
    const [there, missing, written, gone] = [newKey(), newKey(), newKey(), newKey()];
    await go.set(there, "from go", "EX", 600);
    const write = await begun(other, [written]);
    await go.config("RESETSTAT");
    const [first, ...rest] = await Promise.all([
      cache.take(
        there,
        textSource(() => Promise.reject(new Error("asked"))),
      ),
      ...[missing, written].map((key) =>
        cache.take(
          key,
          textSource(async () => `row of ${key}`),
        ),
      ),
      cache.take(
        gone,
        textSource(async () => undefined),
      ),
    ]);
    assert.equal(first, "from go");
    assert.deepEqual(rest, [`row of ${missing}`, `row of ${written}`, undefined]);
    await until(
      "the missing row is in Redis, and no lease of the gone one",
      async () => (await go.get(missing)) === `row of ${missing}` && !(await go.exists(gone)),
    );
    assert.equal(await go.exists(written), 0, "no lease was given while a write was in hand");
    const counts = await go.info("commandstats");
    assert.match(counts, /cmdstat_mget:calls=1,/, "one look");
    assert.match(counts, /cmdstat_eval:calls=3,/, "leases, entries, and the lease that is given back");
    await write.end(true);
  });

  it("passes on the database's error, and the next call tries again", async () => {
    const key = newKey();
    const failing = textSource(() => Promise.reject(new Error("no database")));
    await assert.rejects(cache.take(key, failing), /no database/);
    assert.equal(
      await cache.take(
        key,
        textSource(async () => "row"),
      ),
      "row",
    );
  });

  it("never reads an entry that a cluster could not guard, and deletes it all the same", async () => {
    const key = "cache:test:name:{a}";
    await go.set(key, "from go");
    assert.equal(
      await cache.take(
        key,
        textSource(async () => "row"),
      ),
      "row",
    );
    const write = await begun(cache, [key]);
    await write.end(true);
    assert.equal(await go.exists(key), 0);
  });

  describe("what was read before a write", () => {
    /** A write of one process: SQL first, then the delete, as go-zero does it. */
    const writers: Readonly<Record<string, (key: string, commit: () => void) => Promise<void>>> = {
      "of this process": async (key, commit) => {
        const write = await begun(cache, [key]);
        commit();
        await write.end(true);
      },
      "of another process": async (key, commit) => {
        const write = await begun(other, [key]);
        commit();
        await write.end(true);
      },
      "of a Go process": async (key, commit) => {
        commit();
        await go.del(key);
      },
      "that inserts": async (key, commit) => {
        commit();
        await other.delete([key]);
      },
    };

    for (const [who, write] of Object.entries(writers)) {
      it(`does not stay after a write ${who}`, async () => {
        const key = newKey();
        const row = new SteeredRow("old");
        row.hold();
        const reading = cache.take(key, row.source);
        await until("the row is being read", () => row.readers === 1);
        await write(key, () => {
          row.value = "new";
        });
        await row.release();
        assert.equal(await reading, "old", "the read began before the write");
        assert.equal(await cache.take(key, row.source), "new");
        await until("the new row is in Redis", async () => (await go.get(key)) === "new");
        assert.equal(await other.take(key, row.source), "new");
      });

      it(`does not stay if others read the new row before it comes, after a write ${who}`, async () => {
        const key = newKey();
        const row = new SteeredRow("old");
        row.hold();
        const reading = cache.take(key, row.source);
        await until("the row is being read", () => row.readers === 1);
        await write(key, () => {
          row.value = "new";
        });
        row.hold();
        const second = other.take(key, row.source);
        await until("the row is being read twice", () => row.readers === 2);
        await row.release();
        assert.deepEqual(await Promise.all([reading, second]), ["old", "new"]);
        await until("the new row is in Redis", async () => {
          assert.equal(await other.take(key, row.source), "new");
          return (await go.get(key)) === "new";
        });
      });

      it(`is not given to a caller who came after a write ${who}`, async () => {
        const key = newKey();
        const row = new SteeredRow("old");
        row.hold();
        const reading = cache.take(key, row.source);
        await until("the row is being read", () => row.readers === 1);
        await write(key, () => {
          row.value = "new";
        });
        const late = cache.take(key, row.source);
        await until("the row is being read twice", () => row.readers === 2);
        await row.release();
        assert.deepEqual(await Promise.all([reading, late]), ["old", "new"]);
      });
    }

    it("does not stay if it was read between a writer's delete and its commit", async () => {
      const key = newKey();
      const row = new SteeredRow("old");
      const write = await begun(cache, [key]);
      assert.equal(await other.take(key, row.source), "old");
      assert.equal(await go.exists(key), 0);
      row.value = "new";
      await write.end(true);
      assert.equal(await other.take(key, row.source), "new");
    });

    it("does not stay if the writer dies between its commit and its delete", async () => {
      const key = newKey();
      const row = new SteeredRow("old");
      await cache.take(key, row.source);
      await until("the row is in Redis", async () => (await go.get(key)) === "old");
      await begun(other, [key]);
      assert.equal(await cache.take(key, row.source), "old");
      row.value = "new";
      assert.equal(await cache.take(key, row.source), "new");
    });

    it("does not stay while another write of the same row is in hand", async () => {
      const key = newKey();
      const row = new SteeredRow("old");
      const [first, second] = [await begun(cache, [key]), await begun(other, [key])];
      await first.end(true);
      await cache.take(key, row.source);
      assert.equal(await go.exists(key), 0);
      row.value = "new";
      await second.end(true);
      await cache.take(key, row.source);
      await until("the new row is in Redis", async () => (await go.get(key)) === "new");
    });

    it("does not stay for long if a Go process fills it in after the delete", async () => {
      const key = newKey();
      const row = new SteeredRow("new");
      const write = await begun(cache, [key]);
      await write.end(true);
      await go.set(key, "old", "EX", 604_800);
      const started = Date.now();
      await until("the new row is answered", async () => (await cache.take(key, row.source)) === "new");
      assert.ok(Date.now() - started < 1500, "within about a second");
    });
  });
});
