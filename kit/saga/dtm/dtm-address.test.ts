import assert from "node:assert/strict";
import { test } from "node:test";
import { dtmConfig, rpcClientConfig } from "@mall/kit/config";
import { dtmAddress } from "./dtm-address.ts";
import { ownPlace } from "./own-place.ts";

const addressOf = (block: object): string =>
  dtmAddress({ config: rpcClientConfig.parse(block), origin: "ProductRpc" });

const ETCD = { Hosts: ["etcd1:2379", "etcd2:2379"], Key: "product.rpc" };

for (const [what, block, address] of [
  ["one endpoint", { Endpoints: ["10.0.0.1:9001"] }, "10.0.0.1:9001"],
  ["several", { Endpoints: ["a:1", "b:2"] }, "direct:///a:1,b:2"],
  ["an etcd block", { Etcd: ETCD }, "discov://etcd1:2379,etcd2:2379/product.rpc"],
  [
    "a target of today's go-zero",
    { Target: "etcd:///e:2379?key=product.rpc" },
    "discov://e:2379/product.rpc",
  ],
  ["a target of the original's", { Target: "discov://e:2379/product.rpc" }, "discov://e:2379/product.rpc"],
  ["a name of DNS", { Target: "dns:///product:9001" }, "dns:///product:9001"],
  ["endpoints before etcd", { Endpoints: ["a:1"], Etcd: ETCD }, "a:1"],
] as const) {
  test(`DTM is told ${what} in a form that its driver for go-zero reads`, () => {
    assert.equal(addressOf(block), address);
  });
}

for (const [what, block] of [
  ["no instance", {}],
  ["an instance on any free port", { Endpoints: ["127.0.0.1:0"] }],
  ["a service that speaks TLS", { Endpoints: ["a:1"], Tls: true }],
  ["a service that asks for tokens", { Endpoints: ["a:1"], App: "order", Token: "secret" }],
] as const) {
  test(`a block that names ${what} is refused, as DTM could not call it`, () => {
    assert.throws(() => addressOf(block), { reason: "CONFIG_UNUSABLE", field: "ProductRpc" });
  });
}

test("a process is found as it is registered, else where it listens, unless its block says otherwise", () => {
  const own = (server: object, block: object = {}): string =>
    dtmAddress(
      ownPlace(
        { names: ["order.Order"], methods: {} },
        { ListenOn: "10.0.0.1:9002", Etcd: undefined, CertFile: "", Auth: false, ...server },
        dtmConfig.parse(block),
      ),
    );
  assert.equal(own({}), "10.0.0.1:9002");
  assert.equal(own({ Etcd: { ...ETCD, Key: "order.rpc" } }), "discov://etcd1:2379,etcd2:2379/order.rpc");
  assert.equal(own({ Etcd: { ...ETCD, Key: "" } }), "10.0.0.1:9002");
  assert.equal(own({ Etcd: ETCD }, { Self: "order:9002" }), "order:9002");
  assert.throws(() => own({ Auth: true }), { reason: "CONFIG_UNUSABLE", field: "Dtm.Self" });
});
