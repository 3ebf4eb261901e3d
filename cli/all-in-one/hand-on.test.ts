import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkConfig } from "@mall/kit/config";
import type { ApiProcess, ApiProcessConfig, RpcProcess, RpcProcessConfig } from "@mall/kit/process";
import { orderApi } from "@mall/order/api/main";
import { orderRpc } from "@mall/order/rpc/main";
import { payApi } from "@mall/pay/api/main";
import { payRpc } from "@mall/pay/rpc/main";
import { productApi } from "@mall/product/api/main";
import { productRpc } from "@mall/product/rpc/main";
import { userApi } from "@mall/user/api/main";
import { userRpc } from "@mall/user/rpc/main";
import { type AllInOneConfig, allInOneConfig } from "./config.ts";
import { apiValues, refuseUnknownPorts, rpcValues } from "./hand-on.ts";

/** Every key that a service shares with the whole mall, with another value than its default. */
const SET = {
  Mode: "pro",
  Host: "[::1]",
  Salt: "salt",
  PasswordScheme: "seed",
  OrderExpire: "11m",
  OpenOrdersMax: 13,
  PayExpire: "12m",
  TrustedProxies: ["10.0.0.0/8"],
  CpuThreshold: 500,
  Cors: { Origins: ["https://shop.example"] },
  RateLimit: { LoginPerMinute: 7, RegisterPerMinute: 8 },
  Jobs: { Concurrency: 5, Horizon: "1h", Lease: "20s", Interval: "2s", Retention: "100h" },
  Saga: { Retention: "1500h" },
  Shutdown: { WrapUpTime: "300ms", WaitTime: "4s" },
  CacheRedis: [{ Host: "127.0.0.1:1" }],
  RowCache: "clear",
  Dtm: { Endpoints: ["127.0.0.1:2"], TimeoutToFail: "9s" },
  Channels: {
    Sandbox: {
      Gateway: "http://127.0.0.1:3",
      AppId: "a",
      Secret: "s".repeat(32),
      NotifyUrl: "http://127.0.0.1:4/n",
    },
  },
};

/** What each part has of its own. */
const OWN = new Set([
  "Name",
  "Mysql",
  "Auth",
  "Port",
  "ListenOn",
  "UserRpc",
  "ProductRpc",
  "OrderRpc",
  "PayRpc",
]);

function assertHandedOn(config: AllInOneConfig, part: Readonly<Record<string, unknown>>): void {
  const whole: Readonly<Record<string, unknown>> = config;
  const shared = Object.keys(part).filter((key) => key in whole && !OWN.has(key));
  assert.ok(shared.includes("Mode") && shared.includes("Shutdown"));
  for (const key of shared) assert.deepEqual(part[key], whole[key], key);
}

describe("what the process is told reaches each of its parts:", () => {
  const config = checkConfig("(test)", SET, allInOneConfig);
  const options = { config, dataSource: "sqlite::memory:", accessSecret: "secret-of-tokens" };

  const rpc = <Config extends RpcProcessConfig, Client>(part: RpcProcess<Config, Client>): void => {
    test(part.name, () => {
      const read = checkConfig(part.name, rpcValues(options, part, 9), part.config);
      assertHandedOn(config, { ...read });
      assert.equal(read.Mysql.DataSource, options.dataSource);
    });
  };
  rpc(userRpc);
  rpc(productRpc);
  rpc(orderRpc);
  rpc(payRpc);

  const api = <Config extends ApiProcessConfig>(part: ApiProcess<Config>): void => {
    test(part.name, () => {
      const read = checkConfig(part.name, apiValues(options, part, 8), part.config);
      assertHandedOn(config, { ...read });
      assert.equal(read.Auth.AccessSecret, options.accessSecret);
    });
  };
  api(userApi);
  api(productApi);
  api(orderApi);
  api(payApi);
});

test("a port that a DTM server must know is asked for by its key in the file", () => {
  const Dtm = { Endpoints: ["dtm:36790"] };
  const [free, fixed] = [{ Rpc: 0 }, { Rpc: 9100 }];
  const refuse = (values: object) => () =>
    refuseUnknownPorts(checkConfig("(test)", { Product: fixed, ...values }, allInOneConfig));
  assert.throws(refuse({ Dtm, Product: free }), { reason: "CONFIG_UNUSABLE", field: "Product.Rpc" });
  assert.throws(refuse({ Dtm, Order: free }), { field: "Order.Rpc" });
  assert.throws(refuse({ Dtm, Pay: free }), { field: "Pay.Rpc" });
  for (const values of [{ Dtm }, { Dtm: { ...Dtm, Self: "mall:9003" }, Pay: free }, { Product: free }]) {
    assert.doesNotThrow(refuse(values));
  }
});
