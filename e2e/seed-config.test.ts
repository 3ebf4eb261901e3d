import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readConfig } from "@mall/kit/config";
import { orderApiConfig } from "../services/order/api/config.ts";
import { orderRpcConfig } from "../services/order/rpc/config.ts";
import { payApiConfig } from "../services/pay/api/config.ts";
import { payRpcConfig } from "../services/pay/rpc/config.ts";
import { productApiConfig } from "../services/product/api/config.ts";
import { productRpcConfig } from "../services/product/rpc/config.ts";
import { userApiConfig } from "../services/user/api/config.ts";
import { userRpcConfig } from "../services/user/rpc/config.ts";
import { ROOT } from "./support/readme-commands.ts";

type Schema = Parameters<typeof readConfig>[1];

const SEED = join(ROOT, "kit/config/testdata/seed");
const LEFTOVERS = ["Mysql", "CacheRedis"].map((key) => ({
  level: "info",
  text: `${key} changes nothing: an api has no database, in the seed's files neither`,
}));

const RPCS = { user: userRpcConfig, product: productRpcConfig, order: orderRpcConfig, pay: payRpcConfig };
const APIS = { user: userApiConfig, product: productApiConfig, order: orderApiConfig, pay: payApiConfig };

describe("the seed's configuration files", () => {
  for (const [service, schema] of Object.entries<Schema>(RPCS)) {
    it(`load unchanged and without a note, ${service}.rpc`, () => {
      const { config, notes } = readConfig(join(SEED, `rpc/${service}.yaml`), schema);
      assert.deepEqual(notes, []);
      assert.partialDeepStrictEqual(config, {
        Name: `${service}.rpc`,
        Mode: "pro",
        Timeout: 2000,
        Etcd: { Hosts: ["etcd:2379"], Key: `${service}.rpc` },
        CacheRedis: [{ Host: "redis:6379", Type: "node", Pass: "", Weight: 100 }],
      });
    });
  }

  for (const [service, schema] of Object.entries<Schema>(APIS)) {
    it(`load unchanged and without an alarm, ${service}.api`, () => {
      const { config, notes } = readConfig(join(SEED, `api/${service}.yaml`), schema);
      // The user api counts attempts there.
      const idle = service === "user" ? LEFTOVERS.slice(0, 1) : LEFTOVERS;
      assert.deepEqual(notes, idle);
      assert.partialDeepStrictEqual(config, {
        Host: "0.0.0.0",
        Timeout: 3000,
        Auth: { AccessSecret: "uOvKLmVfztaXGpNYd4Z0I1SiT7MweJhl", AccessExpire: 86400 },
      });
    });
  }

  it("name their neighbours by etcd", () => {
    const { UserRpc, OrderRpc } = readConfig(join(SEED, "rpc/pay.yaml"), payRpcConfig).config;
    assert.deepEqual([UserRpc.Etcd?.Key, OrderRpc.Etcd?.Key], ["user.rpc", "order.rpc"]);
    assert.equal(UserRpc.NonBlock, true);
  });
});
