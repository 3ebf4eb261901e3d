import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { freePorts } from "./free-ports.ts";

/** Where ports of outgoing connections begin on Linux. */
const OUTGOING_FROM = 32_768;
const RESERVE = 10_000;

describe("free ports", () => {
  it("are different, and may be listened on, as may those that are reserved above them", async () => {
    const ports = await freePorts(40, { reserve: RESERVE });
    const all = ports.flatMap((port) => [port, port + RESERVE]);
    assert.equal(new Set(all).size, 80);
    assert.ok(Math.max(...all) < OUTGOING_FROM, "no outgoing connection takes one meanwhile");
    const servers = all.map((port) => createServer().listen(port, "127.0.0.1"));
    await Promise.all(servers.map((server) => once(server, "listening")));
    for (const server of servers) server.close();
  });
});
