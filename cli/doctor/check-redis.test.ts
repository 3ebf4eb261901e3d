import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cacheConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/context";
import { startRedis, whyNoRedis } from "@mall/kit/testing";
import { checkCache } from "./check-redis.ts";

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
});
