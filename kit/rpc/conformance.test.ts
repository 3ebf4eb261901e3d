import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError, codeOfGrpcStatus } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import { newTraceContext } from "@mall/kit/trace";
import { connectRpcClient } from "./client.ts";
import { bindLocalClient } from "./local.ts";
import { unaryCalls, untilMultiplexed } from "./mux/test-multiplexed.ts";
import { createRpcServer } from "./server.ts";
import { Probe, type ProbeClient, ProbeService, recordingLog, sample } from "./test-probe-service.ts";

interface Placement {
  readonly client: ProbeClient;
  /** What the side of the implementation logged as errors. */
  readonly errors: object[];
  close(): Promise<void>;
}

interface Timeouts {
  readonly client: number;
  readonly server: number;
}

type Place = (probe: Probe, timeouts?: Timeouts) => Promise<Placement>;

const UNHURRIED: Timeouts = { client: 5_000, server: 5_000 };

const PLACES: Record<string, Place> = {
  "local binding": async (probe, timeouts = UNHURRIED) => {
    const { log, errors } = recordingLog();
    const client = bindLocalClient({
      definition: ProbeService,
      implementation: probe,
      clientTimeoutMs: timeouts.client,
      serverTimeoutMs: timeouts.server,
      runtime: systemRuntime,
      log,
    });
    return { client, errors, close: async () => {} };
  },
  "unary gRPC over loopback": (probe, timeouts = UNHURRIED) => placeRemote(probe, timeouts, false),
  "multiplexed gRPC over loopback": (probe, timeouts = UNHURRIED) => placeRemote(probe, timeouts, true),
};

async function placeRemote(probe: Probe, timeouts: Timeouts, multiplex: boolean): Promise<Placement> {
  const { log, errors } = recordingLog();
  const server = createRpcServer({ runtime: systemRuntime, log, timeoutMs: timeouts.server });
  server.add(ProbeService, probe);
  const endpoint = await server.start("127.0.0.1:0");
  const connection = connectRpcClient({
    definition: ProbeService,
    endpoints: [endpoint],
    timeoutMs: timeouts.client,
    runtime: systemRuntime,
    multiplex,
  });
  if (multiplex) await untilMultiplexed(() => connection.client.echo(backgroundCall(), sample()));
  const close = async () => {
    connection.close();
    await server.stop(1_000);
  };
  return { client: connection.client, errors, close };
}

/** What a caller can tell about a failure. */
async function outcome(answer: Promise<unknown>) {
  try {
    await answer;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    const { code, reason, field, message } = error;
    return { code, reason, field, message };
  }
  return assert.fail("succeeded");
}

const INTERNAL = { code: "INTERNAL", reason: "INTERNAL", field: undefined, message: "internal error" };
const DEADLINE = {
  code: "DEADLINE_EXCEEDED",
  reason: "DEADLINE_EXCEEDED",
  field: undefined,
  message: "context deadline exceeded",
};
const CANCELLED = { code: "CANCELLED", reason: "CANCELLED", field: undefined, message: "context canceled" };

for (const [name, place] of Object.entries(PLACES)) {
  describe(name, () => {
    const probe = new Probe();
    const placing = place(probe);
    after(async () => (await placing).close());
    testAnswers(placing);
    testErrors(placing, probe);
    testEndings(placing, place);
    testBranches(placing, probe);
    testKeys(placing, place);
    testActors(placing, place);
    testForm(name, placing);
  });
}

function testAnswers(placing: Promise<Placement>): void {
  test("answers carry every kind of field", async () => {
    const { client } = await placing;
    const full = sample({
      id: -Number.MAX_SAFE_INTEGER,
      raw: Buffer.from([0, 255]),
      note: "",
      count: 0,
      numbers: [0, -1, Number.MAX_SAFE_INTEGER],
      children: [
        { id: 0, name: "" },
        { id: 1, name: "\u{1f600}" },
      ],
    });
    assert.deepEqual(await client.echo(backgroundCall(), full), full);
  });

  test("zero values and absent optional fields come back as they went", async () => {
    const { client } = await placing;
    const empty = sample({ id: 0, text: "", flag: false });
    const answer = await client.echo(backgroundCall(), empty);
    assert.deepEqual(answer, empty);
    assert.equal("note" in answer, false);
  });

  test("a request that its message cannot carry is refused naming the field", async () => {
    const { client } = await placing;
    const call = backgroundCall();
    const unsafe = await outcome(client.echo(call, sample({ id: 2 ** 53 })));
    assert.deepEqual([unsafe.code, unsafe.reason, unsafe.field], ["INVALID_ARGUMENT", "INVALID_FIELD", "id"]);
    const torn = await outcome(client.echo(call, sample({ children: [{ id: 1, name: "\ud800" }] })));
    assert.deepEqual([torn.code, torn.field], ["INVALID_ARGUMENT", "children[0].name"]);
  });

  test("200 calls at a time get their own answers", async () => {
    const { client } = await placing;
    const ids = Array.from({ length: 200 }, (_, index) => index);
    const answers = await Promise.all(ids.map((id) => client.echo(backgroundCall(), sample({ id }))));
    assert.deepEqual(
      answers.map((answer) => answer.id),
      ids,
    );
  });

  test("a message of a few megabytes passes", async () => {
    const { client } = await placing;
    const raw = Buffer.alloc(3 * 1024 * 1024, 7);
    assert.deepEqual((await client.echo(backgroundCall(), sample({ raw }))).raw, raw);
  });
}

function testErrors(placing: Promise<Placement>, probe: Probe): void {
  test("every code arrives with reason, field and text; texts of unexpected errors do not", async () => {
    const { client } = await placing;
    for (let number = 1; number <= 16; number += 1) {
      const code = codeOfGrpcStatus(number);
      assert.ok(code !== undefined);
      const message = `余额不足 50% #1 "${code}"\n`;
      probe.failure = new AppError(code, "SOME_REASON", message, {
        field: "amount",
        cause: new Error("secret"),
      });
      const seen = await outcome(client.fail(backgroundCall(), sample()));
      const hidden = code === "INTERNAL" || code === "UNKNOWN" || code === "DATA_LOSS";
      const shown = hidden ? { field: undefined, message: "internal error" } : { field: "amount", message };
      assert.deepEqual(seen, { code, reason: "SOME_REASON", ...shown });
    }
  });

  test("an overlong error text is shortened instead of breaking the connection", async () => {
    const { client } = await placing;
    probe.failure = new AppError("NOT_FOUND", "NOT_FOUND", "支".repeat(100_000), {
      field: "x".repeat(100_000),
    });
    const seen = await outcome(client.fail(backgroundCall(), sample()));
    const [message, field] = [`${"支".repeat(999)}…`, `${"x".repeat(999)}…`];
    assert.deepEqual(seen, { code: "NOT_FOUND", reason: "NOT_FOUND", message, field });
    assert.equal((await client.echo(backgroundCall(), sample({ id: 5 }))).id, 5);
  });

  test("what is not an AppError becomes an internal error, and only the log learns more", async () => {
    const { client, errors } = await placing;
    for (const failure of [new Error("secret of the driver"), "secret text", undefined]) {
      probe.failure = failure;
      errors.length = 0;
      assert.deepEqual(await outcome(client.fail(backgroundCall(), sample())), INTERNAL);
      assert.equal(errors.length, 1);
    }
  });

  test("a method that throws before its first await fails the call and nothing else; the log names its trace", async () => {
    const { client, errors } = await placing;
    errors.length = 0;
    const trace = newTraceContext(systemRuntime);
    assert.deepEqual(await outcome(client.panic(new Call({ trace }), sample())), INTERNAL);
    const [{ span, ...line } = { span: "" }] = errors as { span: string }[];
    const { traceId } = trace;
    assert.deepEqual(line, {
      method: "/probe.Probe/Panic",
      error: new Error("secret of a panic"),
      trace: traceId,
    });
    assert.match(span, /^[0-9a-f]{16}$/);
    assert.equal((await client.echo(backgroundCall(), sample({ id: 5 }))).id, 5);
  });

  test("an answer that its message cannot carry is the implementation's internal error", async () => {
    const { client, errors } = await placing;
    errors.length = 0;
    assert.deepEqual(await outcome(client.garble(backgroundCall(), sample())), INTERNAL);
    assert.equal(errors.length, 1);
  });
}

function testEndings(placing: Promise<Placement>, place: Place): void {
  test("the caller's identity stays behind, and the deadline is the earliest of all", async () => {
    const { client } = await placing;
    const call = new Call({ identity: { uid: 7, role: 0 }, deadline: Date.now() + 1_000 });
    const seen = await client.inspect(call, sample());
    assert.equal(seen.id, 0);
    const left = seen.count ?? 0;
    assert.ok(left > 500 && left <= 1_000, `${left} ms left`);
  });

  test("cancelling the call ends it at once on both sides", async () => {
    for (const identity of [undefined, { uid: 7, role: 0 }]) {
      const fresh = new Probe();
      const { client, close } = await place(fresh);
      const call = new Call({ identity });
      const answer = outcome(client.hang(call, sample()));
      await fresh.entered.promise;
      call.cancel();
      assert.deepEqual(await answer, CANCELLED);
      assert.equal((await fresh.ended.promise).code, "CANCELLED");
      assert.deepEqual(await outcome(client.echo(call, sample())), CANCELLED);
      await close();
    }
  });

  test("a parent's deadline that has passed, or passes, is DEADLINE_EXCEEDED", async () => {
    const { client } = await placing;
    const late = new Call({ deadline: Date.now() - 1 });
    assert.deepEqual(await outcome(client.echo(late, sample())), DEADLINE);
    const soon = new Call({ deadline: Date.now() + 50 });
    assert.deepEqual(await outcome(client.hang(soon, sample())), DEADLINE);
  });

  for (const [whose, timeouts] of [
    ["the client's", { client: 50, server: 5_000 }],
    ["the server's", { client: 5_000, server: 50 }],
    ["the only", { client: 0, server: 50 }],
  ] as const) {
    test(`${whose} timeout ends a call on both sides`, async () => {
      const fresh = new Probe();
      const { client, close } = await place(fresh, timeouts);
      assert.deepEqual(await outcome(client.hang(backgroundCall(), sample())), DEADLINE);
      await fresh.ended.promise;
      await close();
    });
  }
}

function testBranches(placing: Promise<Placement>, probe: Probe): void {
  const branch = { gid: "order-1", transType: "saga", branchId: "01", op: "action" };

  test("a call that is a branch of a transaction is one for its server, and not for whom that calls", async () => {
    const { client } = await placing;
    const seen = await client.inspect(new Call({ attachments: { branch } }), sample());
    assert.deepEqual(JSON.parse(seen.note ?? ""), branch);
    assert.equal((await client.inspect(new Call({ branch }), sample())).note, "");
    assert.equal((await client.inspect(backgroundCall(), sample())).note, "");
  });

  test("a refused branch answers ABORTED, which takes the transaction back; nothing else does", async () => {
    const { client } = await placing;
    for (let number = 1; number <= 16; number += 1) {
      const code = codeOfGrpcStatus(number);
      assert.ok(code !== undefined);
      probe.failure = new AppError(code, "OUT_OF_STOCK", "库存不足", { field: "num" });
      const seen = await outcome(client.fail(new Call({ attachments: { branch } }), sample()));
      if (!REFUSALS.includes(code)) assert.equal(seen.code, code);
      else
        assert.deepEqual(seen, {
          code: "ABORTED",
          reason: "OUT_OF_STOCK",
          message: "库存不足",
          field: "num",
        });
    }
  });
}

const REFUSALS = [
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "FAILED_PRECONDITION",
  "OUT_OF_RANGE",
  "ABORTED",
];

function testKeys(placing: Promise<Placement>, place: Place): void {
  const idempotency = { key: '!~ key of 7 "', owner: "user:7" };
  const identity = { uid: 7, role: 0 };

  test("a key goes along with calls on behalf of a call, to the method that serves them and no further", async () => {
    const { client } = await placing;
    for (const call of [
      new Call({ attachments: { idempotency } }),
      new Call({ attachments: { idempotency }, identity }),
    ]) {
      const { note, count } = await client.keyed(call, sample());
      assert.deepEqual([note, count], ['user:7/!~ key of 7 "', 0]);
    }
    const again = { idempotency: { ...idempotency, replayOnly: true as const } };
    assert.match((await client.keyed(new Call({ attachments: again }), sample())).note ?? "", / again$/);
    const served = new Call({ idempotency });
    assert.equal((await client.keyed(served, sample())).note, "none", "what a call came with stays with it");
  });

  test("a method that calls its neighbour on behalf of its own call passes no key on", async (t) => {
    const neighbour = await place(new Probe());
    t.after(() => neighbour.close());
    const relay = new Probe();
    relay.keyed = async (call) => {
      assert.deepEqual(call.idempotency, idempotency);
      return neighbour.client.keyed(call, sample());
    };
    const { client, close } = await place(relay);
    t.after(() => close());
    assert.equal((await client.keyed(new Call({ attachments: { idempotency } }), sample())).note, "none");
  });

  test("a call without a key has none, nor has one of a method without side effects", async () => {
    const { client } = await placing;
    assert.equal((await client.keyed(new Call({ identity }), sample())).note, "none");
    assert.equal((await client.peek(new Call({ attachments: { idempotency } }), sample())).note, "none");
  });
}

function testActors(placing: Promise<Placement>, place: Place): void {
  const actor = { who: "user:7", address: "2001:db8::1", role: 1 };
  const by = (known: object): string => `none by ${JSON.stringify(known)}`;

  test("who acts for the mall goes along to the method that serves the call and no further", async (t) => {
    const { client } = await placing;
    const commands = { who: "os:alice", address: "" };
    for (const each of [actor, commands]) {
      assert.equal((await client.keyed(new Call({ attachments: { actor: each } }), sample())).note, by(each));
    }
    const idempotency = { key: "k", owner: "user:7" };
    const both = await client.keyed(new Call({ attachments: { actor, idempotency } }), sample());
    assert.equal(both.note, `user:7/k by ${JSON.stringify(actor)}`);
    assert.equal((await client.keyed(new Call({ actor }), sample())).note, "none");
    assert.equal((await client.peek(new Call({ attachments: { actor } }), sample())).note, "none");
    const relay = new Probe();
    relay.keyed = async (call) => {
      assert.deepEqual(call.actor, actor);
      return client.keyed(call, sample());
    };
    const second = await place(relay);
    t.after(() => second.close());
    assert.equal((await second.client.keyed(new Call({ attachments: { actor } }), sample())).note, "none");
  });
}

function testForm(name: string, placing: Promise<Placement>): void {
  test("the calls of this suite travel in the form that it says", async () => {
    const { client } = await placing;
    const before = unaryCalls();
    await client.echo(backgroundCall(), sample());
    assert.equal(unaryCalls() - before, name.startsWith("unary") ? 1 : 0);
  });
}
