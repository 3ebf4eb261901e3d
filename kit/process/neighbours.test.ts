import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type RpcClientConfig, rpcClientConfig } from "@mall/kit/config";
import { type Runtime, systemRuntime } from "@mall/kit/context";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
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
