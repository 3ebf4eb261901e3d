import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer, type Server as NetServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { Client, type ClientUnaryCall, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { silentLogger } from "@mall/kit/log";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import protobuf from "protobufjs";
import { createRpcServer, type RpcServer } from "./server.ts";
import { Probe, ProbeService, Sample, sample } from "./test-probe-service.ts";

const SILENT = { runtime: systemRuntime, log: silentLogger, timeoutMs: 2_000 };

/** What another implementation knows of the message: its proto. */
const Peer = protobuf
  .parse(`syntax = "proto3"; message Sample { int64 id = 1; string text = 2; string extra = 99; }`)
  .root.lookupType("Sample");

interface Setup {
  readonly server: RpcServer;
  readonly probe: Probe;
  /** A plain grpc-js client: no kit code between the test and the wire. */
  readonly plain: Client;
  readonly address: string;
}

async function setup(
  t: TestContext,
  options: { timeoutMs?: number; runtime?: Runtime } = {},
): Promise<Setup> {
  const server = createRpcServer({ ...SILENT, ...options });
  const probe = new Probe();
  server.add(ProbeService, probe);
  const address = await server.start("127.0.0.1:0");
  const plain = new Client(address, credentials.createInsecure());
  t.after(async () => {
    plain.close();
    await server.stop(0);
  });
  return { server, probe, plain, address };
}

interface Answer {
  readonly error: ServiceError | null;
  readonly bytes: Buffer | undefined;
}

function send(
  plain: Client,
  path: string,
  bytes: Uint8Array,
  options: { deadline?: number } = {},
): { call: ClientUnaryCall; answer: Promise<Answer> } {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const pass = (buffer: Buffer): Buffer => buffer;
  const call = plain.makeUnaryRequest(
    path,
    pass,
    pass,
    Buffer.from(bytes),
    new Metadata(),
    options,
    (error, answer) => resolve({ error, bytes: answer }),
  );
  return { call, answer: promise };
}

test("a plain gRPC client is served under both names of a service", async (t) => {
  const { plain } = await setup(t);
  for (const name of ["probe.Probe", "probeclient.Probe"]) {
    const request = Peer.encode({ id: 7, text: "支付", extra: "of a newer peer" }).finish();
    const { error, bytes } = await send(plain, `/${name}/Echo`, request).answer;
    assert.equal(error, null);
    assert.deepEqual(Peer.toObject(Peer.decode(bytes ?? Buffer.alloc(0)), { longs: Number }), {
      id: 7,
      text: "支付",
    });
  }
  assert.equal((await send(plain, "/probe.Probe/Nothing", Buffer.alloc(0)).answer).error?.code, 12);
});

test("bytes that are not the request's message are INVALID_ARGUMENT naming the field", async (t) => {
  const { plain } = await setup(t);
  const unsafe = Peer.encode(Peer.fromObject({ id: "9007199254740993" })).finish();
  for (const [bytes, text] of [
    [unsafe, 'field "id" must be an integer between -(2^53-1) and 2^53-1'],
    [Buffer.from("1202c328", "hex"), 'field "text" is malformed'],
    [Buffer.from("ff", "hex"), "message Sample is malformed"],
  ] as const) {
    const { error } = await send(plain, "/probe.Probe/Echo", bytes).answer;
    assert.deepEqual([error?.code, error?.details], [3, text]);
  }
});

test("a request beyond 4 MiB is RESOURCE_EXHAUSTED and harms nothing else", async (t) => {
  const { plain } = await setup(t);
  const large = Sample.encode(sample({ raw: Buffer.alloc(4 * 1024 * 1024) }));
  assert.equal((await send(plain, "/probe.Probe/Echo", large).answer).error?.code, 8);
  assert.equal((await send(plain, "/probe.Probe/Echo", Sample.encode(sample())).answer).error, null);
});

test("the caller's grpc-timeout reaches the implementation, unless the server's own limit is shorter", async (t) => {
  const { plain } = await setup(t);
  const bytes = Sample.encode(sample());
  for (const [allowed, least, most] of [
    [1_000, 500, 1_000],
    [60_000, 1_500, 2_000],
  ] as const) {
    const answer = await send(plain, "/probe.Probe/Inspect", bytes, { deadline: Date.now() + allowed })
      .answer;
    const left = Sample.decode(answer.bytes ?? Buffer.alloc(0)).count ?? 0;
    assert.ok(left > least && left <= most, `${left} ms left`);
  }
});

test("a server without a limit of its own lets calls without a deadline run", async (t) => {
  const { plain } = await setup(t, { timeoutMs: 0 });
  const { bytes } = await send(plain, "/probe.Probe/Inspect", Sample.encode(sample())).answer;
  assert.equal(Sample.decode(bytes ?? Buffer.alloc(0)).count, -1);
});

test("a client that cancels, or whose connection breaks, ends the call for the implementation", async (t) => {
  for (const leave of ["cancel", "break"] as const) {
    const { address, probe } = await setup(t);
    const wire = await proxyTo(t, address);
    const plain = new Client(wire.address, credentials.createInsecure());
    t.after(() => plain.close());
    const { call, answer } = send(plain, "/probe.Probe/Hang", Sample.encode(sample()));
    await probe.entered.promise;
    if (leave === "cancel") call.cancel();
    else wire.cut();
    assert.equal((await probe.ended.promise).code, "CANCELLED");
    await answer;
  }
});

/** A wire to `target` that can be cut. */
async function proxyTo(t: TestContext, target: string): Promise<{ address: string; cut: () => void }> {
  const sockets: Socket[] = [];
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy = createServer((near) => {
    const far = createConnection(Number(target.split(":")[1]), "127.0.0.1");
    sockets.push(near, far);
    near.on("error", cut).pipe(far).on("error", cut).pipe(near);
  });
  const port = await listenAnywhere(proxy);
  t.after(() => {
    cut();
    proxy.close();
  });
  return { address: `127.0.0.1:${port}`, cut };
}

async function listenAnywhere(server: NetServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

test("a taken port is reported with what to do about it", async (t) => {
  const holder = createServer();
  const port = await listenAnywhere(holder);
  t.after(() => holder.close());
  await assert.rejects(createRpcServer(SILENT).start(`127.0.0.1:${port}`), {
    code: "FAILED_PRECONDITION",
    reason: "PORT_TAKEN",
    field: "ListenOn",
    message: `127.0.0.1:${port} is already in use: stop the process that listens there, or change ListenOn`,
  });
});

test("an address that is malformed or not this machine's is reported as such", async () => {
  await assert.rejects(createRpcServer(SILENT).start("9000"), {
    code: "INVALID_ARGUMENT",
    field: "ListenOn",
  });
  // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
  await assert.rejects(createRpcServer(SILENT).start("192.0.2.1:0"), {
    reason: "CANNOT_LISTEN",
    field: "ListenOn",
  });
});

test("an address without a host listens on every IPv4 interface", async (t) => {
  const server = createRpcServer(SILENT);
  t.after(() => server.stop(0));
  assert.match(await server.start(":0"), /^0\.0\.0\.0:\d+$/);
});

test("an implementation that lacks a method is refused before the server starts", () => {
  const server = createRpcServer(SILENT);
  const partial = { echo: async () => sample() };
  assert.throws(
    () => server.add(ProbeService, partial as never),
    /\/probe\.Probe\/Fail has no implementation "fail"/,
  );
});

test("stop lets a running call end and takes no new ones", async (t) => {
  const { server, plain, probe } = await setup(t);
  const running = send(plain, "/probe.Probe/Hang", Sample.encode(sample()), { deadline: Date.now() + 300 });
  await probe.entered.promise;
  const stopping = server.stop(5_000);
  const { error } = await send(plain, "/probe.Probe/Echo", Sample.encode(sample())).answer;
  assert.equal(error?.code, 14);
  assert.equal((await running.answer).error?.code, 4);
  await stopping;
});

test("stop cuts off calls that outlast the grace time, and ends them for the implementation", async (t) => {
  const { server, plain, probe } = await setup(t, { timeoutMs: 0 });
  const { answer } = send(plain, "/probe.Probe/Hang", Sample.encode(sample()));
  await probe.entered.promise;
  await server.stop(20);
  assert.notEqual((await answer).error, null);
  await probe.ended.promise;
});

test("a server that never started, or has stopped, can be stopped", async () => {
  const server = createRpcServer(SILENT);
  await server.stop(0);
  await server.stop(0);
});
