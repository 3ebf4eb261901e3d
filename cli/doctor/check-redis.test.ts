import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cacheConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, whyNoRedis } from "@mall/kit/testing";
import { checkCache } from "./check-redis.ts";
import { checkRpcTokens, rpcAuthBlock } from "./check-rpc-tokens.ts";
import type { Finding } from "./finding.ts";

const CASES = [
  ["is well", [], {}, "ok", / can be used$/],
  [
    "has a user who may not run MGET",
    ["--user fred on >word ~* +@all -mget"],
    { User: "fred", Pass: "word" },
    "warn",
    /may not run MGET$/,
  ],
  [
    "has a user who may not run PTTL",
    ["--user fred on >word ~* +@all -pttl"],
    { User: "fred", Pass: "word" },
    "warn",
    /may not run PTTL$/,
  ],
  [
    "has another password",
    ["--requirepass secret"],
    { Pass: "wrong" },
    "warn",
    /does not accept User and Pass$/,
  ],
  ["is no cluster", [], { Type: "cluster" }, "warn", /it is no cluster$/],
  ["speaks no TLS", [], { Tls: true }, "warn", /it does not answer$/],
  ["is a replica", ["--replicaof 127.0.0.1 1"], {}, "warn", /it is a replica that takes no writes$/],
] as const;

describe("mall doctor and a cache", { skip: whyNoRedis() ?? false }, () => {
  for (const [what, options, more, level, told] of CASES) {
    it(`says so where its Redis ${what}, with what to do`, async () => {
      const redis = await startRedis([...options]);
      try {
        const [finding] = await checkCache(cacheConfig.parse([{ Host: redis.host, ...more }]), systemRuntime);
        assert.equal(finding?.level, level, finding?.what);
        assert.match(finding?.what ?? "", told);
        assert.equal(finding?.fix === undefined, level === "ok");
      } finally {
        await redis.stop();
      }
    });
  }

  it("warns of one that keeps all it has and takes nothing more when it is full, and of no other", async () => {
    const redis = await startRedis(["--maxmemory 64mb"]);
    try {
      const look = (): Promise<Finding[]> =>
        checkCache(cacheConfig.parse([{ Host: redis.host }]), systemRuntime);
      const [usable, full] = await look();
      assert.equal(usable?.level, "ok");
      assert.equal(full?.level, "warn");
      assert.match(full?.what ?? "", /takes nothing more once it holds 64 MiB/);
      assert.match(full?.fix ?? "", /allkeys-lru/);
      await redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
      assert.equal((await look()).length, 1);
      await redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
      await redis.command("CONFIG", "SET", "maxmemory", "0");
      assert.equal((await look()).length, 1);
    } finally {
      await redis.stop();
    }
  });
});

describe("mall doctor and the tokens of rpc auth", { skip: whyNoRedis() ?? false }, () => {
  it("says where there are none, in which database there are keys, and where they may be dropped", async () => {
    const redis = await startRedis(["--maxmemory 64mb", "--maxmemory-policy volatile-lru"]);
    try {
      const Redis = { Host: redis.host, Key: "rpc:auth" };
      const look = async (more: object = {}): Promise<string[]> => {
        const config = rpcAuthBlock.parse({ Auth: true, Redis, StrictControl: true, ...more });
        return (await checkRpcTokens(config, systemRuntime)).map(({ level, what }) => `${level} ${what}`);
      };
      const where = `Redis ${redis.host}, key rpc:auth`;
      assert.deepEqual(await look({ Auth: false }), []);
      assert.deepEqual(await look(), [`fail ${where} holds no token: every caller is refused`]);
      assert.deepEqual(await look({ StrictControl: false }), [
        `warn ${where} holds no token: every caller is let in`,
      ]);
      await redis.command("HSET", "rpc:auth", "mall", "token");
      await redis.command("MOVE", "rpc:auth", "1");
      assert.deepEqual(await look(), [
        `fail ${where} holds no token; database 1 has keys, but 0 is asked: every caller is refused`,
      ]);
      await redis.command("HSET", "rpc:auth", "mall", "token");
      assert.deepEqual(await look(), [`ok ${where} holds 1 token`]);
      await redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
      assert.deepEqual(await look(), [
        `ok ${where} holds 1 token`,
        `warn Redis ${redis.host} may drop the tokens when it is full (maxmemory-policy allkeys-lru)`,
      ]);
      await redis.command("SET", "text", "x");
      const [wrong] = await look({ Redis: { ...Redis, Key: "text" } });
      assert.match(wrong ?? "", /^fail text of Redis at \S+ is no hash of tokens: every caller is refused$/);
    } finally {
      await redis.stop();
    }
  });
});
