import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { Breakers } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import protobuf from "protobufjs";
import { connectRpcClient } from "../client.ts";
import { createRpcServer, type RpcServerOptions } from "../server.ts";
import { Ticker, type TickerClient, TickerService, tick, ticks } from "./test-ticker-service.ts";

/** The contract as the library and protobufjs have it, without a line of ours. */
const { root } = protobuf.parse('syntax = "proto3"; message Tick { int64 number = 1; string text = 2; }');
const TickType = root.lookupType("Tick");

interface PlainTick {
  number: number;
  text?: string;
}

function shape(name: string, requestStream: boolean, responseStream: boolean) {
  const serialize = (message: PlainTick): Buffer => Buffer.from(TickType.encode(message).finish());
  const deserialize = (bytes: Buffer): PlainTick => TickType.decode(bytes).toJSON() as PlainTick;
  return {
    path: `/ticker.Ticker/${name}`,
    requestStream,
    responseStream,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  };
}

const SHAPES = {
  count: shape("Count", false, true),
  sum: shape("Sum", true, false),
  echo: shape("Echo", true, true),
};

/** Our server, as a client sees it that was made with the library alone. */
interface PlainClient {
  count(request: PlainTick, options?: { deadline: number }): ClientReadableStream<PlainTick>;
  sum(callback: (error: ServiceError | null, answer?: PlainTick) => void): ClientWritableStream<PlainTick>;
  echo(): ClientDuplexStream<PlainTick, PlainTick>;
}

async function serve(t: TestContext, options: Partial<RpcServerOptions> = {}) {
  const ticker = new Ticker();
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 1_000, ...options });
  server.add(TickerService, ticker);
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));
  const Constructor = makeGenericClientConstructor(SHAPES, "Ticker");
  const client = new Constructor(address, credentials.createInsecure());
  t.after(() => client.close());
  // The library makes the methods from the shapes, which its types do not follow.
  return { ticker, address, client: client as unknown as PlainClient };
}

async function textsOf(answers: AsyncIterable<PlainTick>): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { number } of answers) numbers.push(String(number));
  return numbers;
}

function sumOf(client: PlainClient, numbers: number[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = client.sum((error, answer) =>
      error === null ? resolve(String(answer?.number)) : reject(error),
    );
    for (const number of numbers) stream.write({ number });
    stream.end();
  });
}

test("a client made with the library alone has its streams served", async (t) => {
  const { client } = await serve(t);
  assert.deepEqual(await textsOf(client.count({ number: 3 })), ["1", "2", "3"]);
  assert.equal(await sumOf(client, [1, 2, 3]), "6");
  const echo = client.echo();
  for (const number of [4, 5]) echo.write({ number });
  echo.end();
  assert.deepEqual(await textsOf(echo), ["4", "5"]);
});

test("such a client learns of errors, of its deadline and of what it is not let in for", async (t) => {
  const { ticker, client } = await serve(t);
  ticker.failure = new AppError("NOT_FOUND", "NO_SUCH_TICK", "no such tick");
  await assert.rejects(textsOf(client.count({ number: 5 })), {
    code: status.NOT_FOUND,
    details: "no such tick",
  });
  await assert.rejects(sumOf(client, [1, 2, 3]), { code: status.NOT_FOUND });
  const hanging = textsOf(client.count({ number: -1 }, { deadline: Date.now() + 100 }));
  await assert.rejects(hanging, { code: status.DEADLINE_EXCEEDED });
  const auth = { findToken: async () => "granted", strict: true };
  const { client: stranger } = await serve(t, { auth });
  await assert.rejects(textsOf(stranger.count({ number: 1 })), { code: status.UNAUTHENTICATED });
  await assert.rejects(sumOf(stranger, [1]), { code: status.UNAUTHENTICATED });
});

test("who has the token of its app has its streams", async (t) => {
  const { address } = await serve(t, { auth: { findToken: async () => "granted", strict: true } });
  const client = connect(t, address, { auth: { app: "order", token: "granted" } });
  assert.deepEqual(await client.sum(backgroundCall(), ticks([1, 2])), tick(3));
});

test("what is no message is refused by the method that reads it", async (t) => {
  const { address } = await serve(t);
  // As above.
  const raw = new (makeGenericClientConstructor(
    { echo: { ...SHAPES.echo, requestSerialize: (bytes: Buffer) => bytes } },
    "Ticker",
  ))(address, credentials.createInsecure()) as unknown as {
    echo(): ClientDuplexStream<Buffer, PlainTick>;
    close(): void;
  };
  t.after(() => raw.close());
  const echo = raw.echo();
  echo.write(Buffer.from([0xff]));
  await assert.rejects(textsOf(echo), { code: status.INVALID_ARGUMENT });
});

/** A server made with the library alone. */
async function servePlain(t: TestContext): Promise<string> {
  const server = new Server();
  server.addService(SHAPES, {
    count: (call: ServerWritableStream<PlainTick, PlainTick>) => {
      for (let number = 1; number <= call.request.number; number += 1) call.write({ number });
      call.end();
    },
    sum: (call: ServerReadableStream<PlainTick, PlainTick>, callback: sendUnaryData<PlainTick>) => {
      let number = 0;
      call.on("data", (request: PlainTick) => {
        number += Number(request.number);
        if (number > 100) callback({ code: status.RESOURCE_EXHAUSTED, details: "too much" });
      });
      call.on("end", () => callback(null, { number }));
    },
    echo: (call: ServerDuplexStream<PlainTick, PlainTick>) => {
      call.on("data", (request: PlainTick) => call.write(request));
      call.on("end", () => call.end());
    },
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => resolve(port));
  t.after(() => server.forceShutdown());
  return `127.0.0.1:${await promise}`;
}

function connect(
  t: TestContext,
  address: string,
  options: Partial<Parameters<typeof connectRpcClient<TickerClient>>[0]> = {},
): TickerClient {
  const connection = connectRpcClient({
    definition: TickerService,
    endpoints: [address],
    timeoutMs: 1_000,
    runtime: systemRuntime,
    ...options,
  });
  t.after(() => connection.close());
  return connection.client;
}

test("a server made with the library alone serves our streams", async (t) => {
  const client = connect(t, await servePlain(t));
  const call = backgroundCall();
  const numbers: number[] = [];
  for await (const { number } of client.count(call, tick(3))) numbers.push(number);
  for await (const { number } of client.echo(call, ticks([4, 5]))) numbers.push(number);
  assert.deepEqual(numbers, [1, 2, 3, 4, 5]);
  assert.deepEqual(await client.sum(call, ticks([1, 2])), tick(3));
  await assert.rejects(client.sum(call, ticks([1, 200])), { code: "RESOURCE_EXHAUSTED" });
});

test("a stream whose peer goes away fails with UNAVAILABLE, and none is opened where nobody listens", async (t) => {
  const ticker = new Ticker();
  const server = createRpcServer({ runtime: systemRuntime, log: silentLogger, timeoutMs: 0 });
  server.add(TickerService, ticker);
  const address = await server.start("127.0.0.1:0");
  const client = connect(t, address);
  const lost = assert.rejects(client.sum(backgroundCall(), hanging()), { code: "UNAVAILABLE" });
  await until("the stream is served", () => ticker.call !== undefined);
  await server.stop(0);
  await lost;
  const soon = new Call({ deadline: Date.now() + 200 });
  await assert.rejects(client.sum(soon, ticks([1])), { code: "UNAVAILABLE" });
});

async function* hanging() {
  yield tick(1);
  await new Promise(() => {});
}

test("breakers on both sides count streams that fail, and not those that their callers leave", async (t) => {
  const refused: string[] = [];
  const breakers = new Breakers({
    runtime: systemRuntime,
    onRefusal: (kind, name) => refused.push(`${kind} ${name}`),
  });
  const { ticker, address } = await serve(t, { breakers });
  const client = connect(t, address);
  for (let count = 0; count < 100; count += 1) {
    for await (const _ of client.count(backgroundCall(), tick(9))) break;
  }
  assert.equal(refused.length, 0);
  ticker.failure = new Error("secret");
  const failAll = async (): Promise<boolean> => {
    await assert.rejects(client.sum(backgroundCall(), ticks([1, 2, 3])));
    return refused.includes("rpc_server /ticker.Ticker/Sum");
  };
  await until("the server's breaker opens", failAll, { everyMs: 0 });
});
