import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { type EndedSession, EndedSessions, type SessionEnds } from "./ended-sessions.ts";

const START = 1_700_000_000;

function world({ tell = async () => {} }: { readonly tell?: SessionEnds["tell"] } = {}) {
  const runtime = createManualRuntime(START * 1000);
  const rows: EndedSession[] = [];
  const warned: string[] = [];
  const log: Logger = { ...silentLogger, warn: (_fields, text) => void warned.push(text) };
  const sessions = new EndedSessions(
    { runtime, log },
    {
      list: async ({ since, after }) =>
        rows.filter(({ ended, id }) => ended > since || (ended === since && id > after)),
      tell,
    },
  );
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1000) {
      runtime.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { sessions, rows, warned, pass };
}

const AWAY = new AppError("UNAVAILABLE", "PEER_UNAVAILABLE", "away");

describe("the sessions that a process takes no more", () => {
  it("are those that others ended, from three seconds after it on", async () => {
    const { sessions, rows, pass } = world();
    sessions.follow();
    await sessions.known(1000);
    rows.push({ id: 1, session: "a", ended: START + 1, until: START + 1000 });
    assert.equal(sessions.has("a"), false);
    await pass(3000);
    assert.equal(sessions.has("a"), true);
    assert.equal(sessions.has("b"), false);
    sessions.stop();
  });

  it("are those that it ended itself once that is written down, and not before", async () => {
    const told: string[] = [];
    let trouble: AppError | undefined = AWAY;
    const { sessions } = world({
      tell: async (_call, { session }) => {
        if (trouble !== undefined) throw trouble;
        told.push(session);
      },
    });
    const end = { session: "a", until: START + 1000 };
    await assert.rejects(sessions.end(new Call(), end), AWAY);
    assert.equal(sessions.has("a"), false);
    trouble = undefined;
    await sessions.end(new Call(), end);
    assert.equal(sessions.has("a"), true);
    assert.deepEqual(told, ["a"]);
  });

  it("are ended for it alone where the user rpc keeps none, which the log says", async () => {
    const missing = new AppError("UNIMPLEMENTED", "METHOD_MISSING", "unknown method");
    const { sessions, warned } = world({ tell: () => Promise.reject(missing) });
    await sessions.end(new Call(), { session: "a", until: START + 1000 });
    assert.equal(sessions.has("a"), true);
    assert.equal(warned.length, 1);
  });

  it("are forgotten when they would be over by themselves", async () => {
    const { sessions, pass } = world();
    await sessions.end(new Call(), { session: "short", until: START + 30 });
    await sessions.end(new Call(), { session: "long", until: START + 1000 });
    await pass(61_000);
    await sessions.end(new Call(), { session: "other", until: START + 1000 });
    assert.deepEqual(
      ["short", "long", "other"].map((session) => sessions.has(session)),
      [false, true, true],
    );
  });
});
