import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkConfig } from "@mall/kit/config";
import { z } from "zod";
import { type AllInOneConfig, allInOneConfig, SERVICES } from "./config.ts";
import { apiPartConfig, methodTimeoutMs, refuseUnknownPorts, rpcPartConfig } from "./part-config.ts";

/** Every key that a service shares with the whole mall, with another value than its default. */
const SHARED = {
  Mode: "pro",
  Host: "[::1]",
  Timeout: 4567,
  TrustedProxies: ["10.0.0.0/8"],
  CpuThreshold: 500,
  Cors: { Origins: ["https://shop.example"] },
  Jobs: { Concurrency: 5, Horizon: "1h", Lease: "20s", Interval: "2s", Retention: "100h" },
  Saga: { Retention: "1500h" },
  Shutdown: { WrapUpTime: "300ms", WaitTime: "4s" },
  CacheRedis: [{ Host: "127.0.0.1:1" }],
  RowCache: "clear",
  Dtm: { Endpoints: ["127.0.0.1:2"], TimeoutToFail: "9s" },
};

/** The services' own. */
const BLOCKS = {
  User: { Salt: "salt", PasswordScheme: "seed", RateLimit: { LoginPerMinute: 7, RegisterPerMinute: 8 } },
  Order: { Rpc: 9, OrderExpire: "11m", OpenOrdersMax: 13 },
  Pay: {
    PayExpire: "12m",
    Channels: {
      Sandbox: {
        Gateway: "http://127.0.0.1:3",
        AppId: "a",
        Secret: "s".repeat(32),
        NotifyUrl: "http://127.0.0.1:4/n",
      },
    },
  },
};

/** What each part has of its own, or takes from go-zero's defaults. */
const OWN = new Set(["Name", "Mysql", "Auth", "Port", "ListenOn", "Timeout"]);

describe("what the process is told reaches each of its parts:", () => {
  const config = checkConfig("(test)", { ...SHARED, ...BLOCKS }, allInOneConfig);
  const options = { config, dataSource: "sqlite::memory:", accessSecret: "secret-of-tokens" };
  const whole = new Map<string, unknown>(Object.entries(config));

  /** Each key that the part's own file may hold: as the whole mall, or its block, says. */
  const assertHandedOn = (part: object, schema: z.ZodType, block: string): void => {
    const said = new Map([...whole, ...Object.entries(whole.get(block) ?? {})]);
    const keys = Object.keys(
      z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }).properties ?? {},
    );
    const shared = keys.filter((key) => said.has(key) && !OWN.has(key));
    assert.ok(shared.includes("Mode") && shared.includes("Shutdown"));
    for (const key of shared) assert.deepEqual(Reflect.get(part, key), said.get(key), key);
  };

  for (const { rpc, api, block } of SERVICES) {
    assert.ok(rpc && api, block);
    test(rpc.name, () => {
      const part = rpcPartConfig(options, { block, rpc });
      assertHandedOn(part, rpc.config, block);
      assert.equal(part.Mysql.DataSource, options.dataSource);
      assert.deepEqual([part.Timeout, part.Auth], [3567, false]);
    });
    test(api.name, () => {
      const part = apiPartConfig(options, { block, api });
      assertHandedOn(part, api.config, block);
      assert.equal(part.Auth.AccessSecret, options.accessSecret);
      assert.equal(part.Timeout, 4567);
    });
  }

  test("jobs, sagas, what an order and a payment may take, and the salt among it", () => {
    const told = (name: string): object => {
      const { block, rpc } = SERVICES.find((each) => each.name === name) ?? {};
      assert.ok(block !== undefined && rpc !== undefined);
      return { ...rpcPartConfig(options, { block, rpc }) };
    };
    const minute = 60_000;
    assert.partialDeepStrictEqual(told("order"), {
      Jobs: { Concurrency: 5, Lease: 20_000 },
      Saga: { Retention: 1500 * 60 * minute },
      OrderExpire: 11 * minute,
      OpenOrdersMax: 13,
      ListenOn: "127.0.0.1:9",
    });
    assert.partialDeepStrictEqual(told("pay"), {
      Jobs: { Concurrency: 5 },
      PayExpire: 12 * minute,
      ...{ Channels: BLOCKS.Pay.Channels },
    });
    assert.partialDeepStrictEqual(told("user"), { Salt: "salt", PasswordScheme: "seed" });
  });
});

test("a request that may take longer than usual waits for its methods and neighbours as long, less a second", () => {
  const { rpc, api, block } = SERVICES.find((each) => each.name === "order") ?? {};
  assert.ok(rpc !== undefined && api !== undefined && block !== undefined);
  for (const [request, method] of [
    [3000, 2000],
    [1000, 2000],
    [60_000, 59_000],
    [0, 0],
  ]) {
    const config = checkConfig("(test)", { Timeout: request }, allInOneConfig);
    const options = { config, dataSource: "sqlite::memory:", accessSecret: "secret-of-tokens" };
    const apiPart = apiPartConfig(options, { block, api });
    assert.equal(apiPart.Timeout, request);
    assert.partialDeepStrictEqual({ ...apiPart }, { OrderRpc: { Timeout: method } });
    const rpcPart = rpcPartConfig(options, { block, rpc });
    assert.equal(rpcPart.Timeout, method);
    assert.partialDeepStrictEqual({ ...rpcPart }, { ProductRpc: { Timeout: method } });
    assert.equal(methodTimeoutMs(config), method);
  }
});

test("a key that now stands in a service's block is refused where it stood, and its new place is told", () => {
  const refuse = (values: object) => () => checkConfig("mall.yaml", values, allInOneConfig);
  for (const [key, to] of Object.entries({
    Salt: "User.Salt",
    PasswordScheme: "User.PasswordScheme",
    RateLimit: "User.RateLimit",
    OrderExpire: "Order.OrderExpire",
    OpenOrdersMax: "Order.OpenOrdersMax",
    PayExpire: "Pay.PayExpire",
    Channels: "Pay.Channels",
  })) {
    assert.throws(refuse({ [key]: "1" }), {
      message: `config file mall.yaml: ${key} has moved: write it as ${to}`,
    });
  }
});

test("a port that a DTM server must know is asked for by its key in the file", () => {
  const Dtm = { Endpoints: ["dtm:36790"] };
  const [free, fixed] = [{ Rpc: 0 }, { Rpc: 9100 }];
  const check = (values: object): AllInOneConfig =>
    checkConfig("(test)", { Product: fixed, ...values }, allInOneConfig);
  const refuse = (values: object) => () => refuseUnknownPorts(check(values));
  assert.throws(refuse({ Dtm, Product: free }), { reason: "CONFIG_UNUSABLE", field: "Product.Rpc" });
  assert.throws(refuse({ Dtm, Order: free }), { field: "Order.Rpc" });
  assert.throws(refuse({ Dtm, Pay: free }), { field: "Pay.Rpc" });
  for (const values of [{ Dtm }, { Dtm: { ...Dtm, Self: "mall:9003" }, Pay: free }, { Product: free }]) {
    assert.doesNotThrow(refuse(values));
  }
});
