import assert from "node:assert/strict";
import { test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { connectRpcClient } from "./client.ts";
import { createRpcServer } from "./server.ts";
import { Probe, ProbeService, sample } from "./test-probe-service.ts";

test("a method with a limit of its own ends with it, the others with the server's", async (t) => {
  const server = createRpcServer({
    runtime: systemRuntime,
    log: silentLogger,
    timeoutMs: 60_000,
    methodTimeoutsMs: new Map([
      ["/probe.Probe/Hang", 20],
      ["/probe.Probe/Echo", 0],
    ]),
  });
  const probe = new Probe();
  server.add(ProbeService, probe);
  const endpoints = [await server.start("127.0.0.1:0")];
  const { client, close } = connectRpcClient({
    definition: ProbeService,
    endpoints,
    timeoutMs: 0,
    runtime: systemRuntime,
  });
  t.after(async () => {
    close();
    await server.stop(0);
  });
  await assert.rejects(client.hang(backgroundCall(), sample()), { code: "DEADLINE_EXCEEDED" });
  assert.equal((await probe.ended.promise).code, "DEADLINE_EXCEEDED");
  const { count = 0 } = await client.inspect(backgroundCall(), sample());
  assert.ok(count > 1_000 && count <= 60_000, `${count} ms left`);
  assert.equal((await client.echo(backgroundCall(), sample())).id, 1);
});
