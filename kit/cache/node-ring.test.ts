import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur3 } from "./murmur3.ts";
import { NodeRing } from "./node-ring.ts";

const HOSTS = ["10.0.0.1:6379", "10.0.0.2:6379", "10.0.0.3:6379"];

function ringOf(hosts: readonly string[]): NodeRing<string> {
  return new NodeRing(hosts.map((host) => ({ host, weight: 100, node: host })));
}

test("the hash is go-zero's, over texts shorter and longer than a block", () => {
  assert.equal(murmur3("hello"), 0xcbd8a7b341bd9b02n);
  assert.equal(murmur3("cache:user:id:1"), 0x8ff567c3d46157can);
  assert.equal(murmur3(""), 0n);
});

test("keys are on the nodes that go-zero looks for them on", () => {
  const ring = ringOf(HOSTS);
  const places: Readonly<Record<string, number>> = {
    "cache:user:id:1": 0,
    "cache:user:id:2": 2,
    "cache:user:id:3": 2,
    "cache:user:mobile:15212230311": 1,
    "cache:product:id:1": 1,
    "cache:pay:oid:1": 1,
  };
  for (const [key, index] of Object.entries(places)) assert.equal(ring.nodeOf(key), HOSTS[index], key);
});

test("the order in which nodes are named does not matter, and a node named twice counts once", () => {
  const ring = ringOf(HOSTS);
  const other = ringOf([...HOSTS.toReversed(), ...HOSTS]);
  for (let id = 0; id < 500; id += 1) {
    assert.equal(ring.nodeOf(`cache:order:id:${id}`), other.nodeOf(`cache:order:id:${id}`));
  }
});

test("a weight is the node's share of the keys", () => {
  const ring = new NodeRing(
    HOSTS.map((host, index) => ({ host, weight: [100, 50, 0][index] ?? 0, node: index })),
  );
  const counts = [0, 0, 0];
  for (let id = 0; id < 6000; id += 1) {
    const index = ring.nodeOf(`cache:order:id:${id}`);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const [first = 0, second = 0, third = 0] = counts;
  assert.equal(third, 0);
  assert.ok(first > second * 1.3 && first < second * 3.5, `shares ${first} and ${second}`);
});

test("nodes without any weight are no ring", () => {
  assert.throws(() => new NodeRing([{ host: "a:1", weight: 0, node: 0 }]), /no cache nodes/);
});
