import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startRedis, until, whyNoRedis } from "@mall/kit/testing";
import { begun, SteeredRow, TEST_PREFIX, TestCaches } from "./test-cache.ts";

const OPTIONS = ["--cluster-enabled yes", "--cluster-node-timeout 1000"];
const RANGES = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const;
const KEYS = Array.from({ length: 30 }, (_, index) => `${TEST_PREFIX}id:${index}`);

describe("a cache on a cluster of three masters", { skip: whyNoRedis() ?? false }, () => {
  for (const hasReplica of [true, false]) {
    it(`gives right answers while one of them is killed, ${hasReplica ? "whose replica takes over" : "which has no replica"}, and is used again`, async () => {
      const caches = await TestCaches.start(OPTIONS);
      const others = await Promise.all(Array.from({ length: hasReplica ? 3 : 2 }, () => startRedis(OPTIONS)));
      try {
        const first = caches.connect();
        const clients = [first, ...others.map((server) => caches.connect(server))];
        for (const [index, [from, to]] of RANGES.entries())
          await clients[index]?.cluster("ADDSLOTSRANGE", from, to);
        for (const { host } of others) {
          const [address = "", port = ""] = host.split(":");
          await first.cluster("MEET", address, Number(port));
        }
        const known = `cluster_known_nodes:${clients.length}`;
        const agreed = async (): Promise<boolean> => {
          const infos = await Promise.all(
            clients.map(async (client) => String(await client.cluster("INFO"))),
          );
          return infos.every((info) => info.includes("cluster_state:ok") && info.includes(known));
        };
        const replica = hasReplica ? clients[3] : undefined;
        await until("the nodes make one cluster", agreed);
        const victim = others[0];
        await replica?.cluster("REPLICATE", String(await clients[1]?.cluster("MYID")));
        await until(
          "the replica follows its master",
          async () => replica === undefined || (await replica.info("replication")).includes("link_status:up"),
        );
        const cache = await caches.openTrusted({
          nodes: [{ Host: [caches.redis.host, ...others.map(({ host }) => host)].join(), Type: "cluster" }],
        });
        const rows = new Map(KEYS.map((key) => [key, new SteeredRow("old")]));
        const takeAll = (): Promise<unknown[]> =>
          Promise.all([...rows].map(([key, row]) => cache.take(key, row.source)));
        await takeAll();
        await victim?.kill();
        const write = await begun(cache, KEYS);
        for (const row of rows.values()) row.value = "new";
        await write.end(true);
        assert.deepEqual(new Set(await takeAll()), new Set(["new"]));
        if (!hasReplica) await victim?.restart();
        const alive = hasReplica ? [clients[0], clients[2], clients[3]] : clients;
        await until("all rows are in Redis again", async () => {
          assert.deepEqual(new Set(await takeAll()), new Set(["new"]));
          const kept = await Promise.all(
            alive
              .map(async (client) => (await client?.keys("cache:test:id:*"))?.length ?? 0)
              .map((count) => count.catch(() => 0)),
          );
          return kept.reduce((sum, count) => sum + count, 0) >= KEYS.length;
        });
      } finally {
        await caches.stop();
        await Promise.all(others.map((server) => server.stop()));
      }
    });
  }
});
