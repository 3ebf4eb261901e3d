import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Client, Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { backgroundCall, Call } from "@mall/kit/call";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import { connectRpcClient } from "../client.ts";
import { rawMethod } from "../raw-method.ts";
import { createRpcServer, type RpcServer } from "../server.ts";
import type { ServiceDefinition } from "../service.ts";
import { Probe, type ProbeClient, ProbeService, type Sample, sample } from "../test-probe-service.ts";
import { MUX_PATH } from "./frame.ts";
import { unaryCalls, untilMultiplexed } from "./test-multiplexed.ts";
import { wireTo } from "./test-wire.ts";

const UNAVAILABLE = { code: "UNAVAILABLE", message: "service unavailable: probe.Probe" };

async function serve(
  t: TestContext,
  options: { probe?: Probe; listenOn?: string; timeoutMs?: number } = {},
): Promise<{ server: RpcServer; address: string; probe: Probe }> {
  const { probe = new Probe(), listenOn = "127.0.0.1:0", timeoutMs = 10_000 } = options;
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs });
  server.add(ProbeService, probe);
  const address = await server.start(listenOn);
  t.after(() => server.stop(0));
  return { server, address, probe };
}

/** A client whose calls are multiplexed already, unless `endpoints` do not allow it. */
async function connect(
  t: TestContext,
  endpoints: readonly string[],
  options: { definition?: ServiceDefinition<ProbeClient>; plain?: boolean } = {},
): Promise<{ client: ProbeClient; close(): void }> {
  const { definition = ProbeService, plain = false } = options;
  const connection = connectRpcClient({ definition, endpoints, timeoutMs: 10_000, runtime: systemRuntime });
  t.after(() => connection.close());
  await connection.ready(5_000);
  if (!plain) await untilMultiplexed(() => echo(connection.client));
  return connection;
}

function echo(client: ProbeClient, values: Partial<Sample> = {}): Promise<Sample> {
  return client.echo(backgroundCall(), sample(values));
}

/** A grpc-js server without a line of ours; `calls` answers on the multiplexed path, if given. */
async function servePlain(
  t: TestContext,
  calls?: (stream: ServerDuplexStream<Buffer, Buffer>) => void,
): Promise<string> {
  const server = new Server();
  const method = rawMethod("/probe.Probe/Echo");
  server.addService(
    { echo: method },
    {
      echo: (call: { request: Buffer }, callback: (error: null, answer: Buffer) => void) =>
        callback(null, call.request),
    },
  );
  if (calls !== undefined) {
    server.addService(
      { calls: { ...rawMethod(MUX_PATH), requestStream: true, responseStream: true } },
      { calls },
    );
  }
  const { promise, resolve } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => resolve(port));
  t.after(() => server.forceShutdown());
  return `127.0.0.1:${await promise}`;
}

test("a server that is not a mall is asked once per connection, and served by unary calls", async (t) => {
  const asked = t.mock.method(Client.prototype, "makeBidiStreamRequest");
  const { client } = await connect(t, [await servePlain(t)], { plain: true });
  const before = unaryCalls();
  for (let id = 1; id <= 50; id += 1) assert.equal((await echo(client, { id })).id, id);
  assert.equal(unaryCalls() - before, 50);
  assert.equal(asked.mock.callCount(), 1);
});

test("while one of the peers is not a mall, calls go to all of them", async (t) => {
  const { address, probe } = await serve(t);
  const { client } = await connect(t, [address, await servePlain(t)], { plain: true });
  const before = unaryCalls();
  let made = 0;
  while (probe.echoes < 10 || made - probe.echoes < 10) {
    await echo(client);
    made += 1;
  }
  assert.equal(unaryCalls() - before, made);
});

test("a peer that says what no mall says on its stream is called by unary calls, and not asked again", async (t) => {
  const streams: ServerDuplexStream<Buffer, Buffer>[] = [];
  const address = await servePlain(t, (stream) => {
    streams.push(stream);
    stream.on("error", () => {});
    stream.write(Buffer.from("nobody knows"));
  });
  const { client } = await connect(t, [address], { plain: true });
  for (let id = 1; id <= 50; id += 1) assert.equal((await echo(client, { id })).id, id);
  assert.equal(streams.length, 1);
});

test("10,000 calls at a time get their own answers", async (t) => {
  const { address, probe } = await serve(t);
  const { client } = await connect(t, [address]);
  const [unary, echoes] = [unaryCalls(), probe.echoes];
  const ids = Array.from({ length: 10_000 }, (_, index) => index);
  const answers = await Promise.all(ids.map((id) => echo(client, { id })));
  assert.deepEqual(
    answers.map(({ id }) => id),
    ids,
  );
  assert.deepEqual([unaryCalls() - unary, probe.echoes - echoes], [0, 10_000]);
});

test("10,000 calls that hang hold up no other call", async (t) => {
  const { address, probe } = await serve(t);
  const { client } = await connect(t, [address]);
  const caller = new Call();
  const hanging = Array.from({ length: 10_000 }, () => client.hang(caller, sample()).catch(() => {}));
  await probe.entered.promise;
  const startedAt = performance.now();
  await echo(client);
  assert.ok(performance.now() - startedAt < 1_000);
  caller.cancel();
  await Promise.all(hanging);
});

test("a caller with a backlog of large calls leaves room for the small ones of others", async (t) => {
  const { address } = await serve(t);
  const { client } = await connect(t, [address]);
  let large = 0;
  const raw = Buffer.alloc(30_000, 7);
  const backlog = Array.from({ length: 2_000 }, () => echo(client, { raw }).then(() => (large += 1)));
  for (let count = 0; count < 20; count += 1) await echo(client);
  assert.ok(large < 1_500, `${large} large calls were answered before 20 small ones`);
  await Promise.all(backlog);
});

test("requests up to 4 MiB pass, beyond what a frame carries as unary calls", async (t) => {
  const { address } = await serve(t);
  const { client } = await connect(t, [address]);
  for (const [size, unary] of [
    [1_000, 0],
    [30_000, 0],
    [40_000, 1],
    [4_000_000, 1],
  ] as const) {
    const before = unaryCalls();
    const raw = Buffer.alloc(size, 7);
    assert.deepEqual((await echo(client, { raw })).raw, raw);
    assert.equal(unaryCalls() - before, unary);
  }
});

test("a wire that splits what it carries anywhere changes nothing", async (t) => {
  const { address } = await serve(t);
  const wire = await wireTo(t, address, (chunk, at) => {
    const pieces: Buffer[] = [];
    for (let from = 0; from < chunk.length; ) {
      const length = 1 + ((at + from) % 97);
      pieces.push(chunk.subarray(from, from + length));
      from += length;
    }
    return pieces;
  });
  const { client } = await connect(t, [wire.address]);
  const ids = Array.from({ length: 2_000 }, (_, index) => index);
  const answers = await Promise.all(ids.map((id) => echo(client, { id, text: `text ${id}` })));
  assert.deepEqual(
    answers.map(({ id, text }) => [id, text]),
    ids.map((id) => [id, `text ${id}`]),
  );
});

test("a connection that breaks within a frame fails the calls under way, and the next are multiplexed again", async (t) => {
  const { address } = await serve(t);
  let limit = Number.POSITIVE_INFINITY;
  const wire = await wireTo(t, address, (chunk, at) => {
    if (at + chunk.length < limit) return [chunk];
    setImmediate(() => wire.cut());
    return [chunk.subarray(0, Math.max(0, limit - at))];
  });
  const { client } = await connect(t, [wire.address]);
  limit = wire.sent + 20_000;
  const results = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, id) => echo(client, { id, text: "x".repeat(100) })),
  );
  limit = Number.POSITIVE_INFINITY;
  const failed = results.filter(({ status }) => status === "rejected");
  assert.ok(failed.length > 0);
  for (const { reason } of failed as PromiseRejectedResult[]) assert.equal(reason.code, "UNAVAILABLE");
  await untilMultiplexed(() => echo(client).catch(() => {}));
  await echo(client);
});

test("calls under way when their peer dies fail as UNAVAILABLE, at once", async (t) => {
  const { address, server, probe } = await serve(t);
  const { client } = await connect(t, [address]);
  const before = unaryCalls();
  const hanging = client.hang(backgroundCall(), sample());
  await probe.entered.promise;
  await Promise.all([assert.rejects(hanging, UNAVAILABLE), server.stop(0)]);
  assert.equal(unaryCalls(), before);
});

test("a method without side effects is sent again when its peer dies", async (t) => {
  const definition: ServiceDefinition<ProbeClient> = {
    ...ProbeService,
    methods: { ...ProbeService.methods, hang: { ...ProbeService.methods.hang, idempotent: true } },
  };
  const [one, other] = [await serve(t), await serve(t)];
  const { client } = await connect(t, [one.address, other.address], { definition });
  const caller = new Call();
  const hanging = client.hang(caller, sample());
  const enteredAt = async (peer: typeof one): Promise<typeof one> => {
    await peer.probe.entered.promise;
    return peer;
  };
  const first = await Promise.race([enteredAt(one), enteredAt(other)]);
  await first.server.stop(0);
  await enteredAt(first === one ? other : one);
  caller.cancel();
  await assert.rejects(hanging, { code: "CANCELLED" });
});

test("servers that stop one after the other cost no call, and none is made twice", async (t) => {
  const seen = new Map<number, number>();
  class Counting extends Probe {
    override async echo(_call: Call, request: Sample): Promise<Sample> {
      seen.set(request.id, (seen.get(request.id) ?? 0) + 1);
      await new Promise((resolve) => setImmediate(resolve));
      return request;
    }
  }
  const stable = await serve(t, { probe: new Counting() });
  let passing = await serve(t, { probe: new Counting() });
  const { client } = await connect(t, [stable.address, passing.address]);
  let [id, stopped] = [1_000, false];
  const callers = Array.from({ length: 50 }, async () => {
    while (!stopped) {
      id += 1;
      await echo(client, { id });
    }
  });
  for (let round = 0; round < 3; round += 1) {
    await passing.server.stop(5_000);
    const goal = id + 500;
    passing = await serve(t, { probe: new Counting(), listenOn: passing.address });
    while (id < goal) await new Promise((resolve) => setImmediate(resolve));
  }
  stopped = true;
  await Promise.all(callers);
  for (let each = 1_001; each <= id; each += 1) assert.equal(seen.get(each), 1);
});

test("a client that closes fails its calls as UNAVAILABLE, under way and new", async (t) => {
  const { address, probe } = await serve(t);
  const { client, close } = await connect(t, [address]);
  const hanging = assert.rejects(client.hang(backgroundCall(), sample()), UNAVAILABLE);
  await probe.entered.promise;
  close();
  await hanging;
  assert.equal((await probe.ended.promise).code, "CANCELLED");
  await assert.rejects(echo(client), UNAVAILABLE);
});

test("a peer that does not read ends calls by their deadline, and costs no more than its window", async (t) => {
  const { address } = await serve(t);
  const wire = await wireTo(t, address);
  const { client } = await connect(t, [wire.address]);
  wire.holdAnswers(true);
  const call = new Call({ deadline: Date.now() + 300 });
  const results = await Promise.allSettled(
    Array.from({ length: 20_000 }, (_, id) => client.echo(call, sample({ id }))),
  );
  assert.ok(
    results.every((result) => result.status === "rejected" && result.reason.code === "DEADLINE_EXCEEDED"),
  );
  wire.holdAnswers(false);
  const before = unaryCalls();
  assert.equal((await echo(client, { id: 5 })).id, 5);
  assert.equal(unaryCalls(), before);
});
