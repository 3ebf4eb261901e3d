import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { publishedAddress } from "./published-address.ts";

test("a server on every interface is published by POD_IP, else by an IPv4 address that others reach", (t) => {
  t.after(() => {
    delete process.env.POD_IP;
  });
  process.env.POD_IP = "10.1.2.3";
  assert.equal(publishedAddress("0.0.0.0:9000"), "10.1.2.3:9000");
  assert.equal(publishedAddress(":9000"), "10.1.2.3:9000");
  delete process.env.POD_IP;
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => `${address}:9000`);
  const published = publishedAddress("0.0.0.0:9000");
  assert.ok(outward.length === 0 ? published === "0.0.0.0:9000" : outward.includes(published), published);
});

test("any other address is published as it is", () => {
  assert.equal(publishedAddress("127.0.0.1:9000"), "127.0.0.1:9000");
  assert.equal(publishedAddress("user-rpc.mall:9000"), "user-rpc.mall:9000");
});
