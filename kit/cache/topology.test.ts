import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startRedis, type TestRedis, until, whyNoRedis } from "@mall/kit/testing";
import { NodeRing } from "./node-ring.ts";
import { begun, SteeredRow, TEST_PREFIX, TestCaches, textSource } from "./test-cache.ts";

describe("cache on several servers", { skip: whyNoRedis() ?? false }, () => {
  it("keeps each key where a Go process looks for it, and deletes over all of them", async () => {
    const servers = [await TestCaches.start(), await TestCaches.start(), await TestCaches.start()];
    const [first] = servers;
    assert.ok(first !== undefined);
    const nodes = servers.map(({ redis }) => ({ Host: redis.host }));
    const cache = await first.open({ nodes });
    const go = new Map(servers.map((server) => [server.redis.host, server.connect()]));
    const ring = new NodeRing(nodes.map(({ Host }) => ({ host: Host, weight: 100, node: Host })));
    const keys = Array.from({ length: 30 }, (_, index) => `${TEST_PREFIX}id:${index}`);
    for (const key of keys) {
      const there = go.get(ring.nodeOf(key));
      await until(`${key} is on its node`, async () => {
        await cache.take(
          key,
          textSource(async () => key),
        );
        return (await there?.get(key)) === key;
      });
    }
    const counts = await Promise.all([...go.values()].map((server) => server.dbsize()));
    assert.ok(
      counts.every((count) => count > 0),
      `entries ${counts}`,
    );
    const write = await begun(cache, keys);
    await write.end(true);
    for (const key of keys) assert.equal(await go.get(ring.nodeOf(key))?.exists(key), 0);
    for (const server of servers) await server.stop();
  });

  describe("that ask for a password", () => {
    let caches: TestCaches;
    before(async () => {
      caches = await TestCaches.start(["--requirepass secret", "--user fred on +@all ~* >word"]);
    });
    after(() => caches.stop());

    for (const who of [{ Pass: "secret" }, { User: "fred", Pass: "word" }]) {
      it(`is let in as ${Object.values(who).join(":")}`, async () => {
        await caches.openTrusted({ nodes: [{ Host: caches.redis.host, ...who }] });
      });
    }

    it("is not used with a wrong one, and costs no answer", async () => {
      const cache = await caches.open({ nodes: [{ Host: caches.redis.host, Pass: "wrong" }] });
      assert.equal(await cache.take(`${TEST_PREFIX}id:1`, new SteeredRow("row").source), "row");
    });
  });

  describe("of a cluster", () => {
    let servers: TestRedis[];
    let caches: TestCaches;

    before(async () => {
      caches = await TestCaches.start(["--cluster-enabled yes"]);
      servers = [caches.redis, await startRedis(["--cluster-enabled yes"])];
      const [first, second] = [caches.connect(), caches.connect(servers[1])];
      await first.cluster("ADDSLOTSRANGE", 0, 8191);
      await second.cluster("ADDSLOTSRANGE", 8192, 16383);
      const [host = "", port = ""] = servers[1]?.host.split(":") ?? [];
      await first.cluster("MEET", host, Number(port));
      for (const client of [first, second]) {
        await until("the nodes make one cluster", async () => {
          const info = String(await client.cluster("INFO"));
          return info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:2");
        });
      }
    });
    after(async () => {
      await caches.stop();
      await servers[1]?.stop();
    });

    it("reads, fills and deletes on the server that has the key's slot, whatever slot that is", async () => {
      const cache = await caches.openTrusted({ nodes: [{ Host: caches.redis.host, Type: "cluster" }] });
      const keys = Array.from({ length: 20 }, (_, index) => `${TEST_PREFIX}id:${index}`);
      const rows = new Map(keys.map((key) => [key, new SteeredRow("old")]));
      const takeAll = (): Promise<unknown[]> =>
        Promise.all([...rows].map(([key, row]) => cache.take(key, row.source)));
      const filled = async (): Promise<number> => {
        const counts = await Promise.all(
          servers.map(async (server) => caches.connect(server).keys("cache:test:id:*")),
        );
        return counts.filter((own) => own.length > 0).length === 2 ? counts.flat().length : 0;
      };
      await until("all rows are in Redis", async () => {
        await takeAll();
        return (await filled()) === keys.length;
      });
      const write = await begun(cache, keys);
      for (const row of rows.values()) row.value = "new";
      await write.end(true);
      assert.equal(await filled(), 0);
      assert.deepEqual(new Set(await takeAll()), new Set(["new"]));
    });
  });
});
