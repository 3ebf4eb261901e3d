import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { backgroundCall, Call } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { connectRpcClient } from "./client.ts";
import { createRpcServer, type RpcServer } from "./server.ts";
import { Probe, type ProbeClient, ProbeService, sample } from "./test-probe-service.ts";

/** A runtime on which the time a client waits for starting peers is over at once. */
const LONG_STARTED: Runtime = {
  ...systemRuntime,
  setTimer: (callback, delayMs) => {
    if (delayMs !== 10_000) return systemRuntime.setTimer(callback, delayMs);
    callback();
    return { clear: () => {} };
  },
};

/** Tries that take 3 s at five a second, and more than 7 s where the pace goes down to one. */
const TRIES = 12;
const TRIES_MS_MAX = 5_000;

function connect(
  t: TestContext,
  endpoints: readonly string[],
  options: { timeoutMs?: number; runtime?: Runtime } = {},
): ProbeClient {
  const connection = connectRpcClient({
    definition: ProbeService,
    endpoints,
    timeoutMs: 2_000,
    runtime: systemRuntime,
    ...options,
  });
  t.after(() => connection.close());
  return connection.client;
}

async function serve(
  t: TestContext,
  listenOn = "127.0.0.1:0",
): Promise<{ server: RpcServer; address: string; probe: Probe }> {
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 2_000 });
  const probe = new Probe();
  server.add(ProbeService, probe);
  const address = await server.start(listenOn);
  t.after(() => server.stop(0));
  return { server, address, probe };
}

/** A port on which nobody listens. */
async function freeAddress(): Promise<string> {
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 0 });
  const address = await server.start("127.0.0.1:0");
  await server.stop(0);
  return address;
}

/** A server that is not a mall: it answers `Echo` as `answer` says. */
async function servePlain(
  t: TestContext,
  answer: { code: number; details: string } | Buffer,
): Promise<string> {
  const server = new Server();
  const pass = (bytes: Buffer): Buffer => bytes;
  const shape = {
    path: "/probe.Probe/Echo",
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  const handler = (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
    if (Buffer.isBuffer(answer)) callback(null, answer);
    else callback(answer);
  };
  server.addService({ echo: shape }, { echo: handler });
  const { promise, resolve } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => resolve(port));
  t.after(() => server.forceShutdown());
  return `127.0.0.1:${await promise}`;
}

function echo(client: ProbeClient, id = 1) {
  return client.echo(backgroundCall(), sample({ id }));
}

const UNAVAILABLE = {
  code: "UNAVAILABLE",
  reason: "UNAVAILABLE",
  message: "service unavailable: probe.Probe",
};

/** The same where the client knew before it sent anything. */
const NO_PEER = { ...UNAVAILABLE, reason: "NO_PEER" };

test("the first calls of a client wait, within their deadline, for a peer that is still starting", async (t) => {
  const address = await freeAddress();
  const client = connect(t, [address]);
  const early = echo(client, 5);
  await assert.rejects(client.echo(new Call({ deadline: Date.now() + 100 }), sample()));
  await serve(t, address);
  assert.equal((await early).id, 5);
});

test("a peer that never started is UNAVAILABLE when the call's time is over", async (t) => {
  const client = connect(t, [await freeAddress()], { timeoutMs: 100 });
  await assert.rejects(echo(client), UNAVAILABLE);
});

test("after the start-up time a peer that is down is UNAVAILABLE at once", async (t) => {
  const client = connect(t, [await freeAddress()], { timeoutMs: 60_000, runtime: LONG_STARTED });
  await assert.rejects(echo(client), NO_PEER);
});

test("calls succeed again within two seconds after a peer was killed and started again", async (t) => {
  const { server, address } = await serve(t);
  const client = connect(t, [address]);
  await echo(client);
  await server.stop(0);
  await assert.rejects(echo(client), NO_PEER);
  await serve(t, address);
  const restarted = Date.now();
  while (
    !(await echo(client).then(
      () => true,
      () => false,
    ))
  ) {
    assert.ok(Date.now() - restarted < 2_000, "no answer within two seconds");
  }
});

test("a peer that stays down is tried several times a second, however long it is away", async (t) => {
  let tries = 0;
  const enough = Promise.withResolvers<void>();
  const closed = createServer((socket) => {
    socket.destroy();
    tries += 1;
    if (tries === TRIES) enough.resolve();
  });
  await once(closed.listen(0, "127.0.0.1"), "listening");
  t.after(() => closed.close());
  const { port } = closed.address() as AddressInfo;
  const startedAt = performance.now();
  connect(t, [`127.0.0.1:${port}`]);
  await enough.promise;
  assert.ok(performance.now() - startedAt < TRIES_MS_MAX);
});

test("a call that was under way when its peer died fails as UNAVAILABLE, not with its deadline", async (t) => {
  const { server, address, probe } = await serve(t);
  const client = connect(t, [address], { timeoutMs: 60_000 });
  const answer = client.hang(backgroundCall(), sample());
  await probe.entered.promise;
  await Promise.all([assert.rejects(answer, { code: "UNAVAILABLE" }), server.stop(0)]);
});

test("calls go to all endpoints, IP addresses and names, and around those that are down", async (t) => {
  const first = await serve(t);
  const second = await serve(t);
  const byName = second.address.replace("127.0.0.1", "localhost");
  const client = connect(t, [first.address, byName, await freeAddress()]);
  const until = Date.now() + 2_000;
  while ((first.probe.echoes === 0 || second.probe.echoes === 0) && Date.now() < until) await echo(client);
  assert.ok(first.probe.echoes > 0 && second.probe.echoes > 0);
  await first.server.stop(0);
  for (let round = 0; round < 10; round++) await echo(client).catch(() => {});
  for (let round = 0; round < 10; round++) await echo(client);
});

test("no endpoints, or ones that are not host:port, are refused when the client is made", (t) => {
  for (const endpoints of [[], [""], ["localhost"], ["a:1,b:2"]]) {
    assert.throws(() => connect(t, endpoints), { code: "INVALID_ARGUMENT", field: "Endpoints" });
  }
});

test("the Go mall's numbers become codes, its refusals keep their texts, and its driver's stay behind", async (t) => {
  const refused = connect(t, [await servePlain(t, { code: 100, details: "用户不存在" })]);
  await assert.rejects(echo(refused), { code: "NOT_FOUND", reason: "NOT_FOUND", message: "用户不存在" });
  const soldOut = connect(t, [await servePlain(t, { code: 500, details: "产品库存不足" })]);
  await assert.rejects(echo(soldOut), { code: "FAILED_PRECONDITION", message: "产品库存不足" });
  const broken = connect(t, [await servePlain(t, { code: 500, details: "Error 1146: Table 'a.b' doesn't" })]);
  await assert.rejects(echo(broken), { code: "INTERNAL", reason: "PEER_FAILED", message: "internal error" });
});

test("an answer that cannot be read is an internal error, not the caller's", async (t) => {
  const client = connect(t, [await servePlain(t, Buffer.from("1202c328", "hex"))]);
  await assert.rejects(echo(client), { code: "INTERNAL", message: "internal error" });
});

test("an answer beyond 4 MiB is RESOURCE_EXHAUSTED", async (t) => {
  const client = connect(t, [await servePlain(t, Buffer.alloc(4 * 1024 * 1024 + 1))]);
  await assert.rejects(echo(client), { code: "RESOURCE_EXHAUSTED" });
});

test("a closed client fails its calls as UNAVAILABLE", async (t) => {
  const { address } = await serve(t);
  const { client, close } = connectRpcClient({
    definition: ProbeService,
    endpoints: [address],
    timeoutMs: 2_000,
    runtime: systemRuntime,
  });
  await echo(client);
  close();
  close();
  await assert.rejects(echo(client), UNAVAILABLE);
});
