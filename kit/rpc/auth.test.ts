import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { silentLogger } from "@mall/kit/log";
import { systemRuntime } from "@mall/kit/runtime";
import type { RpcCredentials } from "./auth.ts";
import { connectRpcClient } from "./client.ts";
import { createRpcServer } from "./server.ts";
import { Probe, ProbeService, recordingLog, sample } from "./test-probe-service.ts";

const GRANTED = { app: "pay.api", token: "right" };
const MINUTE_MS = 60_000;

/** The tokens of a test, with a switch that makes them unreachable. */
class Tokens {
  readonly byApp = new Map<string, string>([[GRANTED.app, GRANTED.token]]);
  reachable = true;
  lookups = 0;

  async find(app: string): Promise<string | undefined> {
    this.lookups += 1;
    if (!this.reachable) throw new Error("connect ECONNREFUSED 10.0.0.1:6379");
    return this.byApp.get(app);
  }
}

interface Setup {
  readonly tokens: Tokens;
  readonly errors: object[];
  /** Lets time pass for what the server remembers. */
  later(ms: number): void;
  /** The code and the text of a call's end; `ok` for an answer. */
  callAs(credentials: RpcCredentials | undefined): Promise<string>;
}

async function setup(t: TestContext, strict: boolean): Promise<Setup> {
  const tokens = new Tokens();
  let elapsed = 0;
  const { log, errors } = recordingLog();
  const runtime = { ...systemRuntime, elapsed: () => elapsed };
  const auth = { findToken: (app: string) => tokens.find(app), strict };
  const server = createRpcServer({ runtime, log, timeoutMs: 2_000, auth });
  server.add(ProbeService, new Probe());
  const address = await server.start("127.0.0.1:0");
  t.after(() => server.stop(0));
  return {
    tokens,
    errors,
    later: (ms) => {
      elapsed += ms;
    },
    callAs: async (credentials) => {
      const options = { endpoints: [address], timeoutMs: 2_000, runtime: systemRuntime, auth: credentials };
      const { client, close } = connectRpcClient({ definition: ProbeService, ...options });
      try {
        await client.echo(backgroundCall(), sample());
        return "ok";
      } catch (error) {
        assert.ok(error instanceof AppError && error.cause instanceof Error);
        return error.cause.message;
      } finally {
        close();
      }
    },
  };
}

for (const strict of [false, true]) {
  const mode = strict ? "strict" : "not strict";

  test(`${mode}: the granted token is let in, another or none is refused in go-zero's words`, async (t) => {
    const { callAs } = await setup(t, strict);
    assert.equal(await callAs(GRANTED), "ok");
    assert.equal(await callAs({ ...GRANTED, token: "wrong" }), "16 UNAUTHENTICATED: access denied");
    assert.equal(await callAs({ ...GRANTED, token: "" }), "16 UNAUTHENTICATED: app/token required");
    assert.equal(await callAs({ ...GRANTED, app: "" }), "16 UNAUTHENTICATED: app/token required");
    assert.equal(await callAs(undefined), "16 UNAUTHENTICATED: app/token required");
  });

  test(`${mode}: a found token is believed for about five minutes, also while nobody answers`, async (t) => {
    const { tokens, later, callAs } = await setup(t, strict);
    assert.equal(await callAs(GRANTED), "ok");
    tokens.byApp.set(GRANTED.app, "replaced");
    tokens.reachable = false;
    later(4.7 * MINUTE_MS);
    assert.equal(await callAs(GRANTED), "ok");
    assert.equal(tokens.lookups, 1);
    tokens.reachable = true;
    later(0.6 * MINUTE_MS);
    assert.equal(await callAs(GRANTED), "16 UNAUTHENTICATED: access denied");
    assert.equal(tokens.lookups, 2);
  });
}

test("strict: an app without a token is refused, and let in as soon as it has one", async (t) => {
  const { tokens, callAs } = await setup(t, true);
  tokens.byApp.clear();
  assert.equal(await callAs(GRANTED), "13 INTERNAL: redis: nil");
  tokens.byApp.set(GRANTED.app, GRANTED.token);
  assert.equal(await callAs(GRANTED), "ok");
});

test("strict: nobody gets in while tokens cannot be looked up, and callers learn nothing of the place", async (t) => {
  const { tokens, errors, callAs } = await setup(t, true);
  tokens.reachable = false;
  assert.equal(await callAs(GRANTED), "13 INTERNAL: redis: unavailable");
  assert.equal(await callAs(GRANTED), "13 INTERNAL: redis: unavailable");
  assert.equal(errors.length, 1, "the log is told once");
  tokens.reachable = true;
  assert.equal(await callAs(GRANTED), "ok");
});

test("not strict: apps without a token, and all while tokens cannot be looked up, are let in", async (t) => {
  const { tokens, callAs } = await setup(t, false);
  assert.equal(await callAs({ app: "unknown", token: "any" }), "ok");
  tokens.reachable = false;
  assert.equal(await callAs({ ...GRANTED, token: "wrong" }), "ok");
  assert.equal(await callAs(undefined), "16 UNAUTHENTICATED: app/token required");
});

test("who is refused by a peer is not the one who gets to hear it", async (t) => {
  const server = createRpcServer({
    runtime: systemRuntime,
    log: silentLogger,
    timeoutMs: 2_000,
    auth: { findToken: async () => undefined, strict: true },
  });
  server.add(ProbeService, new Probe());
  const endpoints = [await server.start("127.0.0.1:0")];
  t.after(() => server.stop(0));
  const options = { definition: ProbeService, endpoints, timeoutMs: 2_000, runtime: systemRuntime };
  const { client, close } = connectRpcClient(options);
  t.after(close);
  const { code, message } = await client.echo(backgroundCall(), sample()).then(
    () => assert.fail("was let in"),
    (error: AppError) => error,
  );
  assert.deepEqual([code, message], ["INTERNAL", "internal error"]);
});
