import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget } from "./target.ts";

test("etcd is named in each form that go-zero ever wrote", () => {
  const etcd = { kind: "etcd", hosts: ["h1:2379", "h2:2379"], key: "user.rpc" };
  for (const text of [
    "discov://h1:2379,h2:2379/user.rpc",
    "etcd://h1:2379,h2:2379/user.rpc",
    "etcd:///h1:2379,h2:2379?key=user.rpc",
  ]) {
    assert.deepEqual(parseTarget("UserRpc.Target", text), etcd, text);
  }
});

test("a direct target names its instances, a DNS target one name", () => {
  const read = (text: string): unknown => parseTarget("UserRpc.Target", text);
  assert.deepEqual(read("direct:///a:1,b:2"), { kind: "direct", endpoints: ["a:1", "b:2"] });
  assert.deepEqual(read("localhost:9000"), { kind: "direct", endpoints: ["localhost:9000"] });
  assert.deepEqual(read("passthrough:///a:1"), { kind: "direct", endpoints: ["a:1"] });
  assert.deepEqual(read("dns:///user-rpc.mall:9000"), { kind: "dns", endpoint: "user-rpc.mall:9000" });
});

test("a target that cannot be used is refused with what to write instead", () => {
  for (const [text, why] of [
    ["k8s://mall/user-rpc:9000", /Kubernetes' API, which is not supported; use dns:\/\/\//],
    ["consul://h/user.rpc", /unknown scheme "consul"/],
    ["dns://8.8.8.8/user-rpc:9000", /write dns:\/\/\/host:port/],
    ["etcd:///?key=user.rpc", /empty etcd hosts/],
    ["etcd://h1:2379/", /empty etcd key/],
  ] as const) {
    assert.throws(() => parseTarget("UserRpc.Target", text), { field: "UserRpc.Target", message: why }, text);
  }
});
