import assert from "node:assert/strict";
import { test } from "node:test";
import { rpcClientConfig } from "@mall/kit/config";
import { type FoundServer, leadsTo } from "./leads-to.ts";
import { publishedAddress } from "./published-address.ts";

const ETCD = { Hosts: ["a:2379", "b:2379"], Key: "pay.rpc" };
const LOOPBACK: FoundServer = { address: "127.0.0.1:9003", etcd: ETCD };
const EVERYWHERE: FoundServer = { address: "0.0.0.0:9003", etcd: undefined };

function leads(values: object, server: FoundServer): boolean {
  return leadsTo(rpcClientConfig.parse(values), "PayRpc", server);
}

test("the address that a server listens on leads to it, by whatever name it has on its own machine", () => {
  assert.ok(leads({ Endpoints: ["127.0.0.1:9003"] }, LOOPBACK));
  assert.ok(leads({ Endpoints: ["localhost:9003"] }, LOOPBACK));
  assert.ok(leads({ Target: "127.0.0.1:9003" }, LOOPBACK));
  assert.ok(leads({ Target: "direct:///127.0.0.1:9003" }, LOOPBACK));
  const published = publishedAddress(EVERYWHERE.address);
  for (const endpoint of ["127.0.0.1:9003", "localhost:9003", "[::1]:9003", published]) {
    assert.ok(leads({ Endpoints: [endpoint] }, EVERYWHERE), endpoint);
  }
});

test("another port, another machine, one more address or a name in DNS lead elsewhere", () => {
  const elsewhere = [
    { Endpoints: ["127.0.0.1:9004"] },
    { Endpoints: ["192.0.2.1:9003"] },
    { Endpoints: ["pay:9003"] },
    { Endpoints: ["127.0.0.1:9003", "192.0.2.1:9003"] },
    { Endpoints: ["no address"] },
    { Target: "direct:///" },
    { Target: "direct:///127.0.0.1:9003,192.0.2.1:9003" },
    { Target: "dns:///127.0.0.1:9003" },
    {},
  ];
  for (const values of elsewhere) {
    for (const server of [LOOPBACK, EVERYWHERE]) assert.ok(!leads(values, server), JSON.stringify(values));
  }
  assert.ok(!leads({ Endpoints: ["192.0.2.7:9003"] }, { address: "192.0.2.8:9003", etcd: undefined }));
});

test("the key that a server is registered under leads to it, in the same etcd and in no other", () => {
  const { Hosts, Key } = ETCD;
  assert.ok(leads({ Etcd: { Hosts, Key } }, LOOPBACK));
  assert.ok(leads({ Etcd: { Hosts: Hosts.toReversed(), Key, User: "api", Pass: "p" } }, LOOPBACK));
  assert.ok(leads({ Target: "etcd://b:2379,a:2379/pay.rpc" }, LOOPBACK));
  assert.ok(!leads({ Etcd: { Hosts, Key: "pay.rpc.green" } }, LOOPBACK));
  assert.ok(!leads({ Etcd: { Hosts: ["c:2379", "d:2379"], Key } }, LOOPBACK));
  assert.ok(!leads({ Etcd: { Hosts, Key } }, EVERYWHERE));
  const nowhere = { ...LOOPBACK, etcd: { Hosts: [], Key } };
  assert.ok(!leads({ Etcd: { Hosts, Key } }, nowhere), "it is registered nowhere");
});

test("of Endpoints, Target and Etcd the first that is given counts", () => {
  assert.ok(!leads({ Endpoints: ["192.0.2.1:9003"], Target: "127.0.0.1:9003", Etcd: ETCD }, LOOPBACK));
  assert.ok(!leads({ Target: "192.0.2.1:9003", Etcd: ETCD }, LOOPBACK));
});

test("a Target that cannot be read is refused by its key", () => {
  assert.throws(() => leads({ Target: "k8s://no/where" }, LOOPBACK), { field: "PayRpc.Target" });
});
