import assert from "node:assert/strict";
import { it } from "node:test";
import { clientKey } from "./client-address.ts";

it("an IPv4 client is its address, however it is written", () => {
  assert.equal(clientKey("192.0.2.7"), "192.0.2.7");
  assert.equal(clientKey("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(clientKey("::FFFF:192.0.2.7"), "192.0.2.7");
});

it("an IPv6 client is its network of 64 bits, however it is written", () => {
  const network = clientKey("2001:db8:0:7::1");
  assert.equal(clientKey("2001:0DB8::0007:a:b:c:d"), network);
  assert.equal(clientKey("2001:db8:0:7:ffff:ffff:ffff:ffff"), network);
  assert.equal(clientKey("2001:db8::7:0:0:0:9"), network);
  assert.notEqual(clientKey("2001:db8:0:8::1"), network);
  assert.equal(clientKey("fe80::1%eth0"), clientKey("fe80::2%eth1"));
  assert.equal(clientKey("::1"), clientKey("::"));
});
