import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { Revocations, type RevokedToken } from "./revocations.ts";

const START = 1_700_000_000;
const AWAY = new AppError("UNAVAILABLE", "PEER_UNAVAILABLE", "away");

async function follow({ rows = [], trouble }: { rows?: RevokedToken[]; trouble?: AppError } = {}) {
  const runtime = createManualRuntime(START * 1000);
  const said: string[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (_fields, text) => void said.push(text),
    info: (_fields, text) => void said.push(text),
  };
  const revocations = new Revocations({ runtime, log });
  const world: { trouble: AppError | undefined; readonly asked: number[] } = { trouble, asked: [] };
  revocations.follow(async ({ since, after, limit }) => {
    world.asked.push(since);
    if (world.trouble !== undefined) throw world.trouble;
    return rows
      .filter((row) => row.notBefore > since || (row.notBefore === since && row.id > after))
      .sort((left, right) => left.notBefore - right.notBefore || left.id - right.id)
      .slice(0, limit);
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 200) {
      runtime.advance(200);
      await settled();
    }
  };
  await settled();
  return { revocations, runtime, said, world, rows, pass };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("the tokens that a process refuses", () => {
  it("are those of before the second that is told, from three seconds after it on", async () => {
    const { revocations, rows, pass } = await follow();
    await revocations.known(1000);
    assert.equal(revocations.isRevoked(1, START), false);
    rows.push({ id: 1, notBefore: START + 1 });
    await pass(3000);
    assert.equal(revocations.isRevoked(1, START), true);
    assert.equal(revocations.isRevoked(1, START + 1), false);
    assert.equal(revocations.isRevoked(2, START), false);
    revocations.stop();
  });

  it("are all known, however many there are, and only new ones are asked for again", async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => ({
      id: index + 1,
      notBefore: START - 2500 + Math.floor(index / 1100),
    }));
    const { revocations, world, pass } = await follow({ rows });
    await revocations.known(1000);
    for (let id = 1; id <= 2500; id += 1) assert.equal(revocations.isRevoked(id, 0), true, `${id}`);
    world.asked.length = 0;
    await pass(3000);
    assert.deepEqual(world.asked.slice(0, 1), [START - 2500 + 2 - 60]);
    revocations.stop();
  });

  it("are found though they became visible late, or a clock was far ahead", async () => {
    const { revocations, rows, pass } = await follow();
    rows.push({ id: 1, notBefore: START + 1_000_000 });
    await pass(3000);
    rows.push({ id: 2, notBefore: START - 30 });
    await pass(3000);
    assert.equal(revocations.isRevoked(2, START - 31), true);
    revocations.stop();
  });

  it("stay known while nobody answers, which the log says once, and once that it is over", async () => {
    const { revocations, rows, world, said, pass } = await follow();
    rows.push({ id: 1, notBefore: START });
    await pass(3000);
    world.trouble = AWAY;
    await pass(90_000);
    assert.equal(revocations.isRevoked(1, 0), true);
    assert.deepEqual(said.length, 1);
    world.trouble = undefined;
    rows.push({ id: 2, notBefore: START + 80 });
    await pass(3000);
    assert.equal(revocations.isRevoked(2, START), true);
    assert.match(
      said.join("\n"),
      /^nobody tells whose tokens are revoked.*\nthe list of revoked tokens is up to date again/,
    );
    revocations.stop();
  });

  it("are waited for at the start as long as it is told to, and not at all before a peer that knows of none", async () => {
    const { revocations, runtime, pass } = await follow({ trouble: AWAY });
    let isKnown = false;
    void revocations.known(1000).then(() => {
      isKnown = true;
    });
    await pass(800);
    assert.equal(isKnown, false);
    await pass(200);
    assert.equal(isKnown, true);
    revocations.stop();
    assert.equal(runtime.timersPending, 0);

    const go = await follow({ trouble: new AppError("UNIMPLEMENTED", "METHOD_MISSING", "unknown method") });
    await go.revocations.known(1000);
    go.revocations.stop();
  });

  it("include what the process was told itself, and nothing takes that back", async () => {
    const { revocations, rows, pass } = await follow();
    revocations.learn({ id: 1, notBefore: START + 5 });
    rows.push({ id: 1, notBefore: START });
    await pass(3000);
    assert.equal(revocations.isRevoked(1, START + 4), true);
    revocations.stop();
  });
});
