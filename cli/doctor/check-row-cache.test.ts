import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/runtime";
import { startRedis, whyNoRedis } from "@mall/kit/testing";
import { orderRpc } from "@mall/order/rpc/main";
import { allInOneConfig } from "../all-in-one/config.ts";
import { checkRowCache } from "./check-row-cache.ts";

const NODE = { Host: "127.0.0.1:1" };

describe("RowCache", () => {
  const whole = (values: object): string => checkConfig("mall.yaml", values, allInOneConfig).RowCache;
  const NEIGHBOURS = { UserRpc: {}, ProductRpc: {} };
  const RPC = { Name: "order.rpc", ListenOn: ":1", Mysql: { DataSource: "sqlite:x" }, ...NEIGHBOURS };
  const order = (values: object): string =>
    checkConfig("order.yaml", { ...RPC, ...values }, orderRpc.config).RowCache;

  it("is as in go-zero in an rpc process, and unused where the whole mall is one", () => {
    assert.equal(order({}), "read");
    assert.equal(order({ CacheRedis: [NODE] }), "read");
    assert.equal(whole({}), "unused");
    assert.equal(whole({ CacheRedis: [NODE] }), "unused");
  });

  it("is refused where it needs a cache and there is none, or where it is no such word", () => {
    const needed =
      /RowCache is (read|clear), and there is no CacheRedis: name its nodes, or leave RowCache out$/;
    for (const RowCache of ["read", "clear"]) assert.throws(() => whole({ RowCache }), needed);
    assert.throws(() => order({ RowCache: "clear" }), needed);
    assert.equal(order({ RowCache: "unused" }), "unused");
    assert.throws(
      () => whole({ RowCache: false, CacheRedis: [NODE] }),
      /RowCache: expected one of read, clear/,
    );
  });
});

describe("mall doctor and rows in Redis", { skip: whyNoRedis() ?? false }, () => {
  it("says what becomes of them, and warns of rows whose readers would not hear of changes", async () => {
    const redis = await startRedis();
    try {
      const look = async (RowCache: "read" | "clear" | "unused"): Promise<string[]> => {
        const { CacheRedis } = checkConfig("(test)", { CacheRedis: [{ Host: redis.host }] }, allInOneConfig);
        const found = await checkRowCache({ CacheRedis, RowCache }, ["user", "pay"], systemRuntime);
        return found.map(({ level, what }) => `${level} ${what}`);
      };
      assert.deepEqual(await look("read"), ["ok rows are read from CacheRedis (RowCache: read)"]);
      assert.deepEqual(await look("clear"), [
        "ok rows are removed from CacheRedis as they change, and not read there (RowCache: clear)",
      ]);
      const unused = ["ok rows are not kept in CacheRedis (RowCache: unused)"];
      assert.deepEqual(await look("unused"), unused);
      await redis.command("SET", "cache:order:id:1", "{}");
      assert.deepEqual(await look("unused"), unused, "another service's");
      await redis.command("SET", "cache:pay:id:1", "{}");
      assert.deepEqual(await look("unused"), [
        `warn CacheRedis ${redis.host} holds rows (cache:pay:id:1), which do not hear of changes made here (RowCache: unused)`,
      ]);
    } finally {
      await redis.stop();
    }
  });

  it("has nothing to say without a cache", async () => {
    assert.deepEqual(await checkRowCache({ RowCache: "unused" }, ["pay"], systemRuntime), []);
  });
});
