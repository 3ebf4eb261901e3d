import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { Breakers, serviceOverloaded } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { createOverloadedShedder } from "@mall/kit/testing";
import { connectRpcClient, type RpcClientOptions } from "./client.ts";
import { createRpcServer, type RpcServerOptions } from "./server.ts";
import { Probe, type ProbeClient, ProbeService, sample } from "./test-probe-service.ts";

const call = backgroundCall();
const COMMON = { runtime: systemRuntime, log: silentLogger, timeoutMs: 2000 };

function createBreakers(refused: string[]): Breakers {
  return new Breakers({
    runtime: systemRuntime,
    onRefusal: (kind, name) => refused.push(`${kind} ${name}`),
  });
}

interface Setup {
  readonly probe: Probe;
  readonly client: ProbeClient;
  readonly address: string;
  stopServer(): Promise<void>;
}

async function setup(
  t: TestContext,
  server: Partial<RpcServerOptions>,
  client: Partial<RpcClientOptions<ProbeClient>> = {},
): Promise<Setup> {
  const started = createRpcServer({ ...COMMON, health: true, ...server });
  const probe = new Probe();
  started.add(ProbeService, probe);
  const address = await started.start("127.0.0.1:0");
  const connection = connectRpcClient({
    definition: ProbeService,
    endpoints: [address],
    ...COMMON,
    ...client,
  });
  t.after(async () => {
    connection.close();
    await started.stop(0);
  });
  return { probe, client: connection.client, address, stopServer: () => started.stop(0) };
}

/** How many of a hundred calls that fail were refused by a breaker. */
async function countRefused(method: () => Promise<unknown>): Promise<number> {
  let refused = 0;
  for (let index = 0; index < 100; index += 1) {
    await assert.rejects(method, (error: unknown) => {
      assert.ok(error instanceof AppError);
      if (error.reason !== "BREAKER_OPEN") return true;
      assert.deepEqual(
        [error.code, error.message, error.retryAfterSeconds],
        ["UNAVAILABLE", "circuit breaker is open", 1],
      );
      refused += 1;
      return true;
    });
  }
  return refused;
}

for (const multiplex of [false, true]) {
  const form = multiplex ? "multiplexed" : "unary";

  test(`a method that keeps failing is refused by its server, while others of it are served (${form})`, async (t) => {
    const told: string[] = [];
    const { client, probe } = await setup(t, { breakers: createBreakers(told) }, { multiplex });
    probe.failure = new Error("broken");
    const refused = await countRefused(() => client.fail(call, sample()));
    assert.ok(refused > 50, `${refused} of 100 refused`);
    assert.deepEqual(new Set(told), new Set(["rpc_server /probe.Probe/Fail"]));
    for (let index = 0; index < 20; index += 1) assert.equal((await client.echo(call, sample())).id, 1);
  });

  test(`a client stops calling what keeps failing, and no other method (${form})`, async (t) => {
    const told: string[] = [];
    const { client, probe } = await setup(t, {}, { breakers: createBreakers(told), multiplex });
    probe.failure = new AppError("UNAVAILABLE", "DOWN", "down");
    const refused = await countRefused(() => client.fail(call, sample()));
    assert.ok(refused > 50, `${refused} of 100 refused`);
    assert.deepEqual(new Set(told), new Set(["rpc_client /probe.Probe/Fail"]));
    for (let index = 0; index < 20; index += 1) assert.equal((await client.echo(call, sample())).id, 1);
  });

  test(`an overloaded server refuses calls with go-zero's code and text (${form})`, async (t) => {
    const { client, probe } = await setup(t, { shedder: createOverloadedShedder() }, { multiplex });
    const { code, reason, message } = serviceOverloaded();
    assert.deepEqual([code, message], ["RESOURCE_EXHAUSTED", "service overloaded"]);
    await assert.rejects(client.echo(call, sample()), { code, reason, message, retryAfterSeconds: 1 });
    assert.equal(probe.echoes, 0);
  });
}

test("a client whose peer is gone is told so at once, and served as soon as it is back", async (t) => {
  const told: string[] = [];
  const { client, address, stopServer } = await setup(t, {}, { breakers: createBreakers(told) });
  await client.echo(call, sample());
  await stopServer();
  const startedAt = Date.now();
  for (let index = 0; index < 100; index += 1) {
    await assert.rejects(client.echo(call, sample()), { code: "UNAVAILABLE", reason: "NO_PEER" });
  }
  assert.ok(Date.now() - startedAt < 2000);
  const again = createRpcServer(COMMON);
  again.add(ProbeService, new Probe());
  await again.start(address);
  t.after(() => again.stop(0));
  const backAt = Date.now();
  while (!(await isServed(client))) assert.ok(Date.now() - backAt < 3000, "not back after 3 s");
  assert.deepEqual(told, []);
});

async function isServed(client: ProbeClient): Promise<boolean> {
  try {
    await client.echo(call, sample());
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}
