import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Call, Call as OneCall } from "@mall/kit/call";
import { checkConfig, rpcClientConfig, rpcServerConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { type Logger, silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { createRpcServer, defineMessage, type ServiceDefinition } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { Companions } from "./companions.ts";
import { createNeighbours } from "./neighbours.ts";
import { createBreakers } from "./protection.ts";

interface Shop {
  buy(call: Call, request: object): Promise<object>;
}

const Empty = defineMessage<object>("Empty", []);
const SHOP: ServiceDefinition<Shop> = {
  names: ["shop.Shop"],
  methods: { buy: { name: "Buy", request: Empty, response: Empty } },
};
const ETCD = { Hosts: ["127.0.0.1:1"], Key: "shop.rpc" };

/** A shop that serves on a port, is a companion too, and how somebody reaches it by a configuration. */
async function openWorld(t: TestContext, settings: object = {}) {
  const said: string[] = [];
  const log: Logger = { ...silentLogger, info: (_fields, line) => said.push(line) };
  const own = { runtime: systemRuntime, log, observer: noopObserver };
  const asked: Call[] = [];
  let trouble: string | undefined;
  const implementation: Shop = {
    buy: async (call) => {
      asked.push(call);
      if (trouble === "slow") await new Promise<void>((resolve) => call.onDone(() => resolve()));
      if (trouble !== undefined) throw new AppError("ABORTED", "SOLD_OUT", trouble, { field: "id" });
      return {};
    },
  };
  let served = 0;
  const server = createRpcServer({ ...own, timeoutMs: 2000 });
  server.add(SHOP, {
    buy: (call, request) => {
      served += 1;
      return implementation.buy(call, request);
    },
  });
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));
  const values = { Name: "shop.rpc", ListenOn: address, Etcd: ETCD, ...settings };
  const companions = new Companions();
  companions.add(SHOP, {
    ...own,
    name: "shop.rpc",
    config: checkConfig("(test)", values, rpcServerConfig),
    address,
    implementation,
    trouble: async () => trouble,
  });
  const neighbours = createNeighbours({ ...own, breakers: createBreakers(own), companions });
  t.after(() => neighbours.close());
  return {
    address,
    said,
    asked,
    neighbours,
    client: (config: object) =>
      neighbours.connect(SHOP, checkConfig("(test)", config, rpcClientConfig), "ShopRpc"),
    get served() {
      return served;
    },
    set trouble(text: string | undefined) {
      trouble = text;
    },
  };
}

const DIRECTLY = "ShopRpc: shop.rpc of this process is called directly";

test("what leads to a companion calls it directly, and the log says so once", async (t) => {
  const world = await openWorld(t);
  for (const config of [{ Endpoints: [world.address] }, { Etcd: ETCD }]) {
    for (let times = 0; times < 2; times += 1) await world.client(config).buy(new OneCall(), {});
  }
  assert.deepEqual([world.asked.length, world.served], [4, 0]);
  assert.deepEqual(world.said, [DIRECTLY, DIRECTLY], "once a configuration");
  await world.neighbours.ready();
  assert.deepEqual(await world.neighbours.missing(world.client({ Etcd: ETCD })), []);
});

test("a companion's refusals and time limits are those that it has over the network", async (t) => {
  const MethodTimeouts = [{ FullMethod: "/shop.Shop/Buy", Timeout: "20ms" }];
  const world = await openWorld(t, { MethodTimeouts });
  const client = world.client({ Endpoints: [world.address] });
  world.trouble = "sold out";
  const refusal = { code: "ABORTED", reason: "SOLD_OUT", message: "sold out", field: "id" };
  await assert.rejects(client.buy(new OneCall(), {}), refusal);
  world.trouble = "slow";
  await assert.rejects(client.buy(new OneCall(), {}), { code: "DEADLINE_EXCEEDED" });
  assert.equal(world.served, 0);
});

test("whoever must find out whether a companion works is told", async (t) => {
  const world = await openWorld(t);
  world.client({ Endpoints: [world.address] });
  world.trouble = "the database is gone";
  const told: (string | undefined)[] = [];
  const looks: Promise<void>[] = [];
  world.neighbours.watch((name, look) => {
    looks.push(look().then((trouble) => void told.push(`${name}: ${trouble}`)));
  });
  await Promise.all(looks);
  assert.deepEqual(told, ["ShopRpc: the database is gone"]);
});

test("a configuration that leads elsewhere too goes over the network, and the log says why", async (t) => {
  const world = await openWorld(t);
  await world
    .client({ Endpoints: [world.address, world.address.replace("127.0.0.1", "127.0.0.2")] })
    .buy(new OneCall(), {});
  assert.deepEqual([world.asked.length, world.served], [1, 1]);
  assert.match(world.said[0] ?? "", /^ShopRpc: shop\.rpc of this process is called over the network: /);
});

test("a companion that asks for tokens or speaks TLS where its caller does not is called over the network", async (t) => {
  const Redis = { Host: "127.0.0.1:1", Key: "rpc:auth" };
  const guarded = await openWorld(t, { Auth: true, Redis });
  guarded.client({ Endpoints: [guarded.address], App: "a", Token: "b" });
  assert.match(guarded.said[0] ?? "", /over the network: shop\.rpc asks its callers for tokens \(Auth\)$/);
  const tls = await openWorld(t);
  tls.client({ Endpoints: [tls.address], Tls: true });
  assert.match(tls.said[0] ?? "", /over the network: ShopRpc\.Tls is not as shop\.rpc has it$/);
});

test("a service that no companion serves is reached as ever", async (t) => {
  const world = await openWorld(t);
  const other: ServiceDefinition<Shop> = { ...SHOP, names: ["other.Shop"] };
  const config = checkConfig("(test)", { Endpoints: [world.address] }, rpcClientConfig);
  const call = new OneCall({ deadline: Date.now() + 5000 });
  await assert.rejects(world.neighbours.connect(other, config, "OtherRpc").buy(call, {}), {
    code: "UNIMPLEMENTED",
  });
  assert.deepEqual(world.said, []);
});
