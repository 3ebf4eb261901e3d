import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, test } from "node:test";
import { createClientAddress } from "./client-address.ts";

function requestFrom(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), "remoteAddress", { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwardedFor !== undefined) request.headers["x-forwarded-for"] = forwardedFor;
  return request;
}

describe("the address of a client behind trusted proxies", () => {
  const clientAddress = createClientAddress(["10.0.0.0/8", "fd00::/8", "192.0.2.1"]);

  test("is the last one that is no proxy, however the proxies write it", () => {
    for (const [header, address] of [
      ["203.0.113.9", "203.0.113.9"],
      ["203.0.113.9:51234", "203.0.113.9"],
      ['"203.0.113.9:51234"', "203.0.113.9"],
      ["2001:db8::7", "2001:db8::7"],
      ["2001:DB8::7", "2001:db8::7"],
      ["[2001:db8::7]", "2001:db8::7"],
      ["[2001:db8::7]:443", "2001:db8::7"],
      ['"[2001:db8::7]:443"', "2001:db8::7"],
      ["fe80::1%eth0", "fe80::1"],
      ["::ffff:203.0.113.9", "203.0.113.9"],
      ["1.1.1.1, 203.0.113.9", "203.0.113.9"],
      ["1.1.1.1,203.0.113.9:1 , 10.1.2.3:99, 192.0.2.1", "203.0.113.9"],
      ["1.1.1.1, [fd00::2]:1", "1.1.1.1"],
    ] as const) {
      assert.equal(clientAddress(requestFrom("10.0.0.1", header)), address, header);
    }
  });

  test("is that of the proxy that wrote what is no address, so that nobody makes up one", () => {
    for (const nonsense of [
      "unknown",
      "_hidden",
      "",
      "nobody:1",
      "203.0.113.999",
      "[::1",
      "1.2.3.4; DROP",
      "1.2.3.4:x",
    ]) {
      assert.equal(clientAddress(requestFrom("10.0.0.1", nonsense)), "10.0.0.1", nonsense);
      assert.equal(clientAddress(requestFrom("10.0.0.1", `9.9.9.9, ${nonsense}`)), "10.0.0.1", nonsense);
      assert.equal(clientAddress(requestFrom("10.0.0.1", `${nonsense}, 9.9.9.9`)), "9.9.9.9", nonsense);
      assert.equal(clientAddress(requestFrom("10.0.0.1", `${nonsense}, 10.0.0.2`)), "10.0.0.2", nonsense);
    }
  });

  test("is that of the connection where it is no proxy's, or no header is there", () => {
    assert.equal(clientAddress(requestFrom("203.0.113.9", "1.1.1.1")), "203.0.113.9");
    assert.equal(clientAddress(requestFrom("10.0.0.1")), "10.0.0.1");
    assert.equal(clientAddress(requestFrom("::ffff:10.0.0.1", "1.1.1.1")), "1.1.1.1");
    assert.equal(createClientAddress([])(requestFrom("::ffff:10.0.0.1", "1.1.1.1")), "10.0.0.1");
  });
});
