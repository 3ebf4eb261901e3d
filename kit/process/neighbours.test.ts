import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Call } from "@mall/kit/call";
import { type RpcClientConfig, rpcClientConfig } from "@mall/kit/config";
import { type Logger, silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { defineMessage, type ServiceDefinition } from "@mall/kit/rpc";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { startGoStandIn } from "@mall/kit/testing";
import { createNeighbours, type Neighbours } from "./neighbours.ts";
import { createBreakers } from "./protection.ts";

const definition = { names: ["probe.Probe"], methods: {} } as const;

/** A runtime on which the 3 s that a peer has to be there are over soon. */
const LATE: Runtime = { ...systemRuntime, now: () => Date.now() - 2_900 };

const watched = { runtime: LATE, log: silentLogger, observer: noopObserver };

function connect(t: TestContext, values: object): Neighbours {
  const config: RpcClientConfig = rpcClientConfig.parse(values);
  const neighbours = createNeighbours({
    ...watched,
    breakers: createBreakers(watched),
  });
  t.after(() => neighbours.close());
  neighbours.connect(definition, config, "UserRpc");
  return neighbours;
}

test("a process that must not start without a neighbour ends in go-zero's words", async (t) => {
  const blocked = connect(t, { Endpoints: ["127.0.0.1:1"], NonBlock: false });
  await assert.rejects(blocked.ready(), {
    message:
      'rpc dial: direct:///127.0.0.1:1, error: context deadline exceeded, make sure rpc service "127.0.0.1:1" is already started',
  });
});

test("any other process starts without its neighbours", async (t) => {
  await connect(t, { Endpoints: ["127.0.0.1:1"] }).ready();
});

test("Endpoints win over Target, Target over Etcd; none of them is refused naming the block", (t) => {
  const etcd = { Hosts: ["127.0.0.1:1"], Key: "user.rpc" };
  connect(t, { Endpoints: ["127.0.0.1:1"], Target: "k8s://no/where", Etcd: etcd });
  assert.throws(() => connect(t, { Target: "k8s://no/where", Etcd: etcd }), { field: "UserRpc.Target" });
  assert.throws(() => connect(t, {}), { reason: "CONFIG_UNUSABLE", message: /^UserRpc names no instance/ });
});

interface ShopClient {
  old(call: Call, request: object): Promise<object>;
  decrStock(call: Call, request: object): Promise<object>;
}

test("the start names a peer and the methods that it lacks, and not those that it has", async (t) => {
  const Empty = defineMessage<object>("Empty", []);
  const shop: ServiceDefinition<ShopClient> = {
    names: ["shop.Shop"],
    methods: {
      old: { name: "Old", request: Empty, response: Empty },
      decrStock: { name: "DecrStock", request: Empty, response: Empty },
    },
  };
  let asked = 0;
  const peer = await startGoStandIn(shop, {
    old: async () => {
      asked += 1;
      return {};
    },
  });
  t.after(() => peer.stop());
  const said = Promise.withResolvers<string>();
  const log: Logger = { ...silentLogger, error: (_fields, line) => said.resolve(line) };
  const own = { ...watched, runtime: systemRuntime, log };
  const neighbours = createNeighbours({ ...own, breakers: createBreakers(own) });
  t.after(() => neighbours.close());
  neighbours.connect(shop, rpcClientConfig.parse({ Endpoints: [peer.address] }), "ProductRpc");
  const line = await said.promise;
  assert.match(line, /^ProductRpc: the peer has no \/shop\.Shop\/DecrStock, and what needs them is refused/);
  assert.equal(asked, 0, "to ask does nothing");
});
