import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, parseAddress } from "./address.ts";

test("addresses are read as go-zero writes them, and written back the same", () => {
  const cases = [
    ["127.0.0.1:9000", "127.0.0.1", 9000],
    ["0.0.0.0:0", "0.0.0.0", 0],
    [":9000", "", 9000],
    ["pay-rpc.mall.svc:65535", "pay-rpc.mall.svc", 65535],
    ["[::1]:9003", "::1", 9003],
  ] as const;
  for (const [text, host, port] of cases) {
    assert.deepEqual(parseAddress("ListenOn", text), { host, port });
    assert.equal(formatAddress({ host, port }), text);
  }
});

test("what is not host:port is refused naming the configuration key", () => {
  for (const text of [
    "",
    "9000",
    "localhost",
    "localhost:",
    "::1:9000",
    "a:65536",
    "a:-1",
    "http://a:1",
    "a b:1",
    "a:1,b:2",
  ]) {
    assert.throws(() => parseAddress("ListenOn", text), {
      code: "INVALID_ARGUMENT",
      field: "ListenOn",
      message: `field "ListenOn" must be host:port with a port up to 65535, not "${text}"`,
    });
  }
});
