import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Client, type ClientDuplexStream, credentials, Metadata, type StatusObject } from "@grpc/grpc-js";
import { systemRuntime } from "@mall/kit/runtime";
import fc from "fast-check";
import type { RpcAuth } from "../auth.ts";
import { createRpcServer, type RpcServer } from "../server.ts";
import { Probe, ProbeService, Sample, sample } from "../test-probe-service.ts";
import { MUX_PATH, MUX_VERSION, RECORD } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { warningLog } from "./test-wire.ts";

const pass = (bytes: Buffer): Buffer => bytes;

/** What a server says on a stream. */
type Said =
  | { kind: "answer"; id: number; bytes: Buffer }
  | { kind: "part"; id: number; bytes: Buffer }
  | { kind: "failure"; id: number; code: number; text: string }
  | { kind: "leave"; id: number };

/** A client that speaks the protocol by hand: no code of the client's side between the test and the wire. */
class RawClient {
  readonly grpc: Client;
  readonly stream: ClientDuplexStream<Buffer, Buffer>;
  readonly said: Said[] = [];
  /** How many calls may be without an answer, as the table says. */
  window = 0;
  readonly status: Promise<StatusObject>;
  #table: Promise<readonly string[]>;
  #news = Promise.withResolvers<void>();

  constructor(t: TestContext, address: string, metadata = new Metadata()) {
    this.grpc = new Client(address, credentials.createInsecure());
    this.stream = this.grpc.makeBidiStreamRequest(MUX_PATH, pass, pass, metadata, {});
    t.after(() => {
      this.stream.cancel();
      this.grpc.close();
    });
    this.stream.on("error", () => {});
    const { promise, resolve } = Promise.withResolvers<StatusObject>();
    this.status = promise;
    this.stream.on("status", resolve);
    const table = Promise.withResolvers<readonly string[]>();
    this.#table = table.promise;
    this.stream.on("data", (frame: Buffer) => {
      const reader = new FrameReader(frame);
      while (!reader.atEnd) this.#take(reader, table.resolve);
      this.#news.resolve();
    });
  }

  /** The paths of the server's table. */
  get table(): Promise<readonly string[]> {
    return this.#table;
  }

  /** The first thing of a kind that is said, of the call with this id if one is given. */
  async heard<Kind extends Said["kind"]>(kind: Kind, id?: number): Promise<Extract<Said, { kind: Kind }>> {
    const wanted = (said: Said): said is Extract<Said, { kind: Kind }> =>
      said.kind === kind && (id === undefined || said.id === id);
    for (;;) {
      const found = this.said.find(wanted);
      if (found !== undefined) return found;
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
  }

  async send(write: (writer: FrameWriter) => void): Promise<void> {
    await this.#table;
    const writer = new FrameWriter();
    write(writer);
    this.stream.write(writer.finish());
  }

  async call(id: number, path: string, options: { bytes?: Buffer; left?: number } = {}): Promise<void> {
    const { bytes = Sample.encode(sample({ id })), left = 0 } = options;
    const method = (await this.#table).indexOf(path);
    await this.send((writer) => writeCall(writer, { id, method, left, bytes }));
  }

  #take(reader: FrameReader, table: (paths: readonly string[]) => void): void {
    const kind = reader.kind();
    if (kind === RECORD.table) {
      assert.equal(reader.number(), MUX_VERSION);
      this.window = reader.number();
      table(Array.from({ length: reader.number() }, () => reader.text()));
      return;
    }
    const id = reader.number();
    if (kind === RECORD.leave) this.said.push({ kind: "leave", id });
    else if (kind === RECORD.failure) {
      this.said.push({ kind: "failure", id, code: reader.number(), text: reader.text() });
      reader.bytes();
    } else if (kind === RECORD.part) this.said.push({ kind: "part", id, bytes: reader.bytes() });
    else this.said.push({ kind: "answer", id, bytes: reader.bytes() });
  }
}

function writeCall(
  writer: FrameWriter,
  { id, method, left, bytes }: { id: number; method: number; left: number; bytes: Buffer },
): void {
  writer.kind(RECORD.call);
  for (const number of [id, method, left, 0]) writer.number(number);
  writer.bytes(bytes);
}

async function setup(
  t: TestContext,
  options: { probe?: Probe; auth?: RpcAuth } = {},
): Promise<{ server: RpcServer; probe: Probe; address: string; warnings: string[] }> {
  const { probe = new Probe(), auth } = options;
  const { log, warnings } = warningLog();
  const server = createRpcServer({ runtime: systemRuntime, log, timeoutMs: 2_000, auth });
  server.add(ProbeService, probe);
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));
  return { server, probe, address, warnings };
}

test("the table names every method under both names of its service", async (t) => {
  const { address } = await setup(t);
  const paths = await new RawClient(t, address).table;
  for (const name of ["probe.Probe", "probeclient.Probe"]) assert.ok(paths.includes(`/${name}/Echo`));
  assert.equal(paths.length, 2 * Object.keys(ProbeService.methods).length);
});

test("a method is called under both names", async (t) => {
  const { address, probe } = await setup(t);
  const client = new RawClient(t, address);
  await client.call(1, "/probe.Probe/Echo");
  await client.call(2, "/probeclient.Probe/Echo");
  for (const id of [1, 2]) {
    const said = await client.heard("answer", id);
    assert.equal(Sample.decode(said.bytes).id, id);
  }
  assert.equal(probe.echoes, 2);
});

test("whatever a stream holds, it is answered INVALID_ARGUMENT at the most, and others are served", async (t) => {
  const { address, warnings } = await setup(t);
  const other = new RawClient(t, address);
  await other.table;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const client = new RawClient(t, address);
      await client.table;
      client.stream.write(Buffer.from(bytes));
      client.stream.end();
      assert.ok([0, 3].includes((await client.status).code));
    }),
    { numRuns: 50 },
  );
  assert.ok(warnings.length > 0);
  await other.call(1, "/probe.Probe/Echo");
  await other.heard("answer");
});

test("what breaks the protocol ends the stream with INVALID_ARGUMENT that says why, and its calls", async (t) => {
  const bytes = Sample.encode(sample());
  const call = (id: number, method = 0) => ({ id, method, left: 0, bytes });
  const cases: [string, (writer: FrameWriter) => void][] = [
    ["frame holds a record of no known kind", (writer) => writeAll(writer, [99, 1])],
    ["frame ends within a record", (writer) => writeAll(writer, [RECORD.call, 1])],
    ["frame calls a method that the table lacks", (writer) => writeCall(writer, call(2, 1_000))],
    ["frame holds ids that do not ascend", (writer) => writeCall(writer, call(1))],
    ["frame is too long", (writer) => writer.bytes(Buffer.alloc(1024 * 1024))],
  ];
  for (const [text, write] of cases) {
    const { address, probe } = await setup(t);
    const client = new RawClient(t, address);
    await client.call(1, "/probe.Probe/Hang");
    await probe.entered.promise;
    await client.send(write);
    const { code, details } = await client.status;
    assert.deepEqual([code, details], [3, text]);
    assert.equal((await probe.ended.promise).code, "CANCELLED");
  }
});

function writeAll(writer: FrameWriter, kinds: readonly number[]): void {
  for (const kind of kinds) writer.kind(kind);
}

test("more calls than the window admits end the stream", async (t) => {
  const { address } = await setup(t);
  const client = new RawClient(t, address);
  const method = (await client.table).indexOf("/probe.Probe/Hang");
  let id = 0;
  while (id <= client.window) {
    await client.send((writer) => {
      for (let count = 0; count < 1_000; count += 1) {
        id += 1;
        writeCall(writer, { id, method, left: 0, bytes: Buffer.alloc(0) });
      }
    });
  }
  assert.deepEqual((await client.status).details, "frame goes beyond the window");
});

test("a call ends with the time its caller gave it, or when the caller cancels it, or when the stream breaks", async (t) => {
  for (const [left, end, code] of [
    [30, () => {}, "DEADLINE_EXCEEDED"],
    [0, (client: RawClient) => client.send((writer) => writeAll(writer, [RECORD.cancel, 1])), "CANCELLED"],
    [0, (client: RawClient) => client.stream.cancel(), "CANCELLED"],
  ] as const) {
    const { address, probe } = await setup(t);
    const client = new RawClient(t, address);
    await client.call(1, "/probe.Probe/Hang", { left });
    await probe.entered.promise;
    await end(client);
    assert.equal((await probe.ended.promise).code, code);
  }
});

test("a cancelled call is answered all the same, so that its place is free again", async (t) => {
  const { address, probe } = await setup(t);
  const client = new RawClient(t, address);
  await client.call(1, "/probe.Probe/Hang");
  await probe.entered.promise;
  await client.send((writer) => writeAll(writer, [RECORD.cancel, 1]));
  const failure = await client.heard("failure");
  assert.deepEqual([failure.id, failure.code], [1, 1]);
});

/** Answers as many bytes as the request's id says. */
class Generous extends Probe {
  override async echo(_call: unknown, request: Sample): Promise<Sample> {
    this.echoes += 1;
    return sample({ raw: Buffer.alloc(request.id, 7) });
  }
}

test("a client that does not read is not served on, and holds up nobody else", async (t) => {
  const { address, probe } = await setup(t, { probe: new Generous() });
  const slow = new RawClient(t, address);
  const method = (await slow.table).indexOf("/probe.Probe/Echo");
  slow.stream.pause();
  const bytes = Sample.encode(sample({ id: 100_000 }));
  for (let id = 1; id <= 3_000; id += 1)
    await slow.send((writer) => writeCall(writer, { id, method, left: 0, bytes }));
  const quick = new RawClient(t, address);
  for (let id = 1; id <= 100; id += 1) {
    await quick.call(id, "/probe.Probe/Echo", { bytes: Sample.encode(sample({ id: 10 })) });
    await quick.heard("answer", id);
  }
  assert.ok(probe.echoes < 1_000, `${probe.echoes} calls were served`);
  slow.stream.resume();
  await slow.heard("answer", 3_000);
  assert.equal(probe.echoes, 3_100);
});

test("a long answer comes in parts, and short ones pass between them", async (t) => {
  const { address } = await setup(t, { probe: new Generous() });
  const client = new RawClient(t, address);
  await client.table;
  const method = (await client.table).indexOf("/probe.Probe/Echo");
  await client.send((writer) => {
    writeCall(writer, { id: 1, method, left: 0, bytes: Sample.encode(sample({ id: 3_000_000 })) });
    writeCall(writer, { id: 2, method, left: 0, bytes: Sample.encode(sample({ id: 10 })) });
  });
  await client.heard("answer", 1);
  const order = client.said.map(({ id }) => id);
  assert.ok(order.indexOf(2) < 10, `the short answer came as number ${order.indexOf(2)}`);
  const parts = client.said.flatMap((said) => ("bytes" in said && said.id === 1 ? [said.bytes] : []));
  assert.equal(Sample.decode(Buffer.concat(parts)).raw.length, 3_000_000);
});

test("an answer beyond 4 MiB is RESOURCE_EXHAUSTED", async (t) => {
  const { address } = await setup(t, { probe: new Generous() });
  const client = new RawClient(t, address);
  await client.call(1, "/probe.Probe/Echo", { bytes: Sample.encode(sample({ id: 4 * 1024 * 1024 })) });
  const failure = await client.heard("failure");
  assert.equal(failure.code, 8);
});

test("a server that stops says which call was its last, answers those before, and ends the stream", async (t) => {
  const { address, server, probe } = await setup(t);
  const client = new RawClient(t, address);
  await client.call(7, "/probe.Probe/Hang", { left: 200 });
  await probe.entered.promise;
  const stopping = server.stop(5_000);
  assert.deepEqual(await client.heard("leave"), { kind: "leave", id: 7 });
  await client.call(8, "/probe.Probe/Echo");
  assert.equal((await client.status).code, 0);
  assert.deepEqual(
    client.said.map(({ kind, id }) => [kind, id]),
    [
      ["leave", 7],
      ["failure", 7],
    ],
  );
  assert.equal(probe.echoes, 0);
  await stopping;
});

test("a stream without calls does not keep a server from stopping", async (t) => {
  const { address, server } = await setup(t);
  const client = new RawClient(t, address);
  await client.table;
  await Promise.all([server.stop(60_000), client.status]);
});

test("every call of a stream must show a token that is still granted", async (t) => {
  const granted = new Map([["shop", "secret"]]);
  let now = 0;
  const findToken = async (app: string) => granted.get(app);
  const { log } = warningLog();
  const runtime = { ...systemRuntime, elapsed: () => now };
  const server = createRpcServer({ runtime, log, timeoutMs: 2_000, auth: { findToken, strict: true } });
  server.add(ProbeService, new Probe());
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));

  assert.equal((await new RawClient(t, address).status).code, 16);
  const metadata = new Metadata();
  metadata.set("app", "shop");
  metadata.set("token", "secret");
  const client = new RawClient(t, address, metadata);
  await client.call(1, "/probe.Probe/Echo");
  await client.heard("answer");
  granted.set("shop", "another");
  now += 10 * 60 * 1000;
  await client.call(2, "/probe.Probe/Echo");
  const failure = await client.heard("failure");
  assert.deepEqual([failure.code, failure.text], [16, "access denied"]);
});
