import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import { until } from "@mall/kit/testing";
import { newTraceContext } from "@mall/kit/trace";
import { connectRpcClient } from "../client.ts";
import { bindLocalClient } from "../local.ts";
import { createRpcServer } from "../server.ts";
import { recordingLog } from "../test-probe-service.ts";
import {
  endlessTicks,
  Ticker,
  type TickerClient,
  TickerService,
  tick,
  ticks,
} from "./test-ticker-service.ts";

interface Placement {
  readonly client: TickerClient;
  /** What the side of the implementation logged as errors. */
  readonly errors: object[];
  close(): Promise<void>;
}

type Place = (ticker: Ticker, timeouts?: ReadonlyMap<string, number>) => Promise<Placement>;

/** Far below what a stream takes that waits: only unary calls are bound by it. */
const TIMEOUT_MS = 1_000;

const PLACES: Record<string, Place> = {
  "local binding": async (ticker, methodTimeoutsMs = new Map()) => {
    const { log, errors } = recordingLog();
    const client = bindLocalClient({
      definition: TickerService,
      implementation: ticker,
      clientTimeoutMs: TIMEOUT_MS,
      serverTimeoutMs: TIMEOUT_MS,
      methodTimeoutsMs,
      runtime: systemRuntime,
      log,
    });
    return { client, errors, close: async () => {} };
  },
  "gRPC over loopback": async (ticker, methodTimeoutsMs = new Map()) => {
    const { log, errors } = recordingLog();
    const server = createRpcServer({ runtime: systemRuntime, log, timeoutMs: TIMEOUT_MS, methodTimeoutsMs });
    server.add(TickerService, ticker);
    const endpoint = await server.start("127.0.0.1:0");
    const connection = connectRpcClient({
      definition: TickerService,
      endpoints: [endpoint],
      timeoutMs: TIMEOUT_MS,
      runtime: systemRuntime,
    });
    await connection.ready(20_000);
    const close = async () => {
      connection.close();
      await server.stop(0);
    };
    return { client: connection.client, errors, close };
  },
};

async function numbersOf(answers: AsyncIterable<{ number: number }>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of answers) numbers.push(number);
  return numbers;
}

/** What a caller can tell about the failure of a call. */
async function failureOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    const { code, reason, field, message } = error;
    return { code, reason, field, message };
  }
  return assert.fail("succeeded");
}

const INTERNAL = { code: "INTERNAL", reason: "INTERNAL", field: undefined, message: "internal error" };
const CANCELLED = { code: "CANCELLED", reason: "CANCELLED", field: undefined, message: "context canceled" };
const DEADLINE = {
  code: "DEADLINE_EXCEEDED",
  reason: "DEADLINE_EXCEEDED",
  field: undefined,
  message: "context deadline exceeded",
};

for (const [name, place] of Object.entries(PLACES)) {
  describe(`streams by ${name}`, () => {
    testAnswers(place);
    testErrors(place);
    testEndings(place);
  });
}

/** The three kinds of a failing or hanging call, each by its result. */
function callsOf(client: TickerClient, call: Call): Record<string, () => Promise<unknown>> {
  return {
    "a stream of answers": () => numbersOf(client.count(call, tick(5))),
    "a stream of requests": () => client.sum(call, ticks([1, 2, 3, 4])),
    "streams in both directions": () => numbersOf(client.echo(call, ticks([1, 2, 3, 4]))),
  };
}

function hangingCallsOf(client: TickerClient, call: Call): Record<string, () => Promise<unknown>> {
  return {
    "a stream of answers": () => numbersOf(client.count(call, tick(-1))),
    "a stream of requests": () => client.sum(call, endlessTicks()),
    "streams in both directions": () => numbersOf(client.echo(call, endlessTicks())),
  };
}

function testAnswers(place: Place): void {
  const ticker = new Ticker();
  const placing = place(ticker);
  after(async () => (await placing).close());

  test("answers arrive in their order, and so do requests", async () => {
    const { client } = await placing;
    const call = backgroundCall();
    assert.deepEqual(await numbersOf(client.count(call, tick(3))), [1, 2, 3]);
    assert.deepEqual(await client.sum(call, ticks([1, 2, 3])), tick(6));
    assert.deepEqual(await numbersOf(client.echo(call, ticks([1, 2, 3]))), [1, 2, 3]);
    assert.deepEqual(await client.once(call, tick(7, "支付")), tick(7, "支付"));
  });

  test("streams may be empty", async () => {
    const { client } = await placing;
    assert.deepEqual(await numbersOf(client.count(backgroundCall(), tick(0))), []);
    assert.deepEqual(await client.sum(backgroundCall(), ticks([])), tick(0));
    assert.deepEqual(await numbersOf(client.echo(backgroundCall(), ticks([]))), []);
  });

  test("many streams at a time get their own answers", async () => {
    const { client } = await placing;
    const sums = Array.from({ length: 50 }, (_, each) =>
      client.sum(backgroundCall(), ticks([each, each + 1])),
    );
    assert.deepEqual(
      (await Promise.all(sums)).map(({ number }) => number),
      // Zero ends a sum.
      Array.from({ length: 50 }, (_, each) => (each === 0 ? 0 : 2 * each + 1)),
    );
  });

  test("an answer may come before the requests are at their end, which are asked for no more", async () => {
    const { client } = await placing;
    let isLeft = false;
    async function* endless() {
      try {
        for (let number = 2; ; number -= 1) yield tick(Math.max(number, 0));
      } finally {
        isLeft = true;
      }
    }
    assert.deepEqual(await client.sum(backgroundCall(), endless()), tick(3));
    await until("the requests are asked for no more", () => isLeft);
  });

  test("who reads slowly is waited for: neither side makes many more messages than the other has taken", async () => {
    const fresh = new Ticker();
    const { client, close } = await place(fresh);
    const text = "x".repeat(100_000);
    let given = 0;
    async function* large() {
      for (; given < 1_000; given += 1) yield tick(given, text);
    }
    const answers = client.echo(backgroundCall(), large())[Symbol.asyncIterator]();
    for (let count = 0; count < 10; count += 1) await answers.next();
    assert.ok(given < 500, `${given} requests were asked for`);
    assert.ok(fresh.read < 300, `${fresh.read} requests were read`);
    assert.equal((await answers.next()).value.number, 10);
    await answers.return?.();
    await close();
  });

  test("the caller's identity stays behind, its trace and its deadline go along", async () => {
    const { client } = await placing;
    const trace = newTraceContext(systemRuntime);
    const deadline = Date.now() + 60_000;
    const attachments = { actor: { who: "user:7", address: "::1" } };
    const identity = { uid: 7, role: 0 };
    await numbersOf(client.count(new Call({ identity, trace, deadline, attachments }), tick(1)));
    assert.equal(ticker.call?.identity, undefined);
    assert.deepEqual(ticker.call?.actor?.who, "user:7");
    assert.equal(ticker.call?.attachments, undefined);
    assert.equal(ticker.call?.trace?.traceId, trace.traceId);
    assert.ok(Math.abs((ticker.call?.deadline ?? 0) - deadline) < 30_000);
    assert.equal(ticker.call?.method, "/ticker.Ticker/Count");
  });
}

function testErrors(place: Place): void {
  test("what the implementation fails with ends the stream; of what is unforeseen only the log learns", async () => {
    const ticker = new Ticker();
    const { client, errors, close } = await place(ticker);
    for (const [kind, run] of Object.entries(callsOf(client, backgroundCall()))) {
      ticker.failure = new AppError("NOT_FOUND", "NO_SUCH_TICK", "没有", { field: "number" });
      ticker.read = 0;
      const seen = await failureOf(run());
      assert.deepEqual(
        seen,
        { code: "NOT_FOUND", reason: "NO_SUCH_TICK", message: "没有", field: "number" },
        kind,
      );
      ticker.failure = new Error("secret of the driver");
      ticker.read = 0;
      errors.length = 0;
      assert.deepEqual(await failureOf(run()), INTERNAL, kind);
      assert.equal(errors.length, 1, kind);
    }
    await close();
  });

  test("an answer that its message cannot carry is the implementation's internal error", async () => {
    const ticker = new Ticker();
    ticker.count = async function* () {
      yield tick(2 ** 60);
    };
    const { client, errors, close } = await place(ticker);
    assert.deepEqual(await failureOf(numbersOf(client.count(backgroundCall(), tick(1)))), INTERNAL);
    assert.equal(errors.length, 1);
    await close();
  });

  test("a request that its message cannot carry is refused naming the field, and opens no stream", async () => {
    const ticker = new Ticker();
    const { client, close } = await place(ticker);
    const bad = 2 ** 53;
    const call = backgroundCall();
    const refused = [
      failureOf(numbersOf(client.count(call, tick(bad)))),
      failureOf(client.sum(call, ticks([bad]))),
      failureOf(numbersOf(client.echo(call, ticks([bad])))),
    ];
    for (const { code, field } of await Promise.all(refused))
      assert.deepEqual([code, field], ["INVALID_ARGUMENT", "number"]);
    assert.equal(ticker.read, 0);
    await close();
  });

  test("a failure of the caller's own requests is what the caller is told, and ends the call", async () => {
    for (const kind of ["sum", "echo"] as const) {
      const ticker = new Ticker();
      const { client, close } = await place(ticker);
      const failing = async function* () {
        yield tick(1);
        await until("the first request is read", () => ticker.read === 1);
        throw new RangeError("the caller's own");
      };
      const call = backgroundCall();
      const failed = kind === "sum" ? client.sum(call, failing()) : numbersOf(client.echo(call, failing()));
      await assert.rejects(failed, RangeError);
      assert.equal((await ticker.ended.promise).code, "CANCELLED");
      assert.equal(ticker.sawEnd, false);
      await close();
    }
  });
}

function testEndings(place: Place): void {
  test("a caller that stops reading ends the call for whoever serves it", async () => {
    for (const kind of ["count", "echo"] as const) {
      const ticker = new Ticker();
      const { client, close } = await place(ticker);
      const call = backgroundCall();
      const answers =
        kind === "count" ? client.count(call, tick(1_000_000)) : client.echo(call, endlessTicks());
      for await (const { number } of answers) {
        assert.equal(number, 1);
        break;
      }
      await ticker.left.promise;
      await close();
    }
  });

  test("cancelling the call ends it at once on both sides", async () => {
    for (const kind of Object.keys(hangingCallsOf({} as TickerClient, backgroundCall()))) {
      const ticker = new Ticker();
      const { client, close } = await place(ticker);
      const call = new Call();
      const ended = failureOf(hangingCallsOf(client, call)[kind]?.() ?? Promise.resolve());
      await until("the call is served", () => ticker.call !== undefined);
      call.cancel();
      assert.deepEqual(await ended, CANCELLED, kind);
      assert.equal((await ticker.ended.promise).code, "CANCELLED", kind);
      assert.equal(ticker.sawEnd, false, "requests that break off are not at their end");
      assert.deepEqual(
        await failureOf(callsOf(client, call)[kind]?.() ?? Promise.resolve()),
        CANCELLED,
        kind,
      );
      await close();
    }
  });

  test("a deadline of the caller that has passed, or passes, is DEADLINE_EXCEEDED", async () => {
    for (const kind of Object.keys(hangingCallsOf({} as TickerClient, backgroundCall()))) {
      const ticker = new Ticker();
      const { client, close } = await place(ticker);
      const late = new Call({ deadline: Date.now() - 1 });
      assert.deepEqual(await failureOf(callsOf(client, late)[kind]?.() ?? Promise.resolve()), DEADLINE, kind);
      const soon = new Call({ deadline: Date.now() + 100 });
      assert.deepEqual(
        await failureOf(hangingCallsOf(client, soon)[kind]?.() ?? Promise.resolve()),
        DEADLINE,
        kind,
      );
      await close();
    }
  });

  test("timeouts of client and server are for answers; a stream has one where the method is named", async () => {
    const ticker = new Ticker();
    const timeouts = new Map([["/ticker.Ticker/Sum", 50]]);
    const { client, close } = await place(ticker, timeouts);
    assert.deepEqual(await failureOf(client.sum(backgroundCall(), endlessTicks())), DEADLINE);
    assert.equal((await ticker.ended.promise).code, "DEADLINE_EXCEEDED");
    const answers = client.echo(backgroundCall(), endlessTicks())[Symbol.asyncIterator]();
    await answers.next();
    assert.equal(ticker.call?.deadline, Number.POSITIVE_INFINITY);
    await close();
  });
}
