import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Logger, silentLogger } from "@mall/kit/log";
import { createManualRuntime, type ManualRuntime } from "@mall/kit/testing";
import { Health } from "./health.ts";

/** Lets what waits for settled promises go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Scene {
  readonly runtime: ManualRuntime;
  readonly health: Health;
  readonly lines: string[];
  /** Looks that were begun, and how the next ones end. */
  readonly looks: { count: number; answer: () => Promise<string | undefined> };
}

function scene(): Scene {
  const runtime = createManualRuntime();
  const lines: string[] = [];
  const log: Logger = {
    ...silentLogger,
    info: (_, text) => void lines.push(text),
    warn: (_, text) => void lines.push(text),
    child: () => log,
  };
  const health = new Health(runtime, log);
  const looks: Scene["looks"] = { count: 0, answer: async () => undefined };
  health.depend("database", () => {
    looks.count += 1;
    return looks.answer();
  });
  return { runtime, health, lines, looks };
}

describe("the health of a process that depends on something", () => {
  test("is asked for once a second at most, however many ask", async () => {
    const { runtime, health, looks } = scene();
    const reports = await Promise.all(Array.from({ length: 100 }, () => health.report()));
    assert.ok(reports.every(({ fit }) => fit));
    assert.equal(looks.count, 1);
    runtime.advance(999);
    assert.ok(await health.works());
    assert.equal(looks.count, 1);
    runtime.advance(1);
    await health.report();
    assert.equal(looks.count, 2);
  });

  test("says what is wrong beside its listeners, and is well again by itself", async () => {
    const { runtime, health, looks } = scene();
    health.probe("rest-127.0.0.1:8003").ready = true;
    looks.answer = async () => "it is read-only";
    assert.deepEqual(await health.report(), {
      fit: false,
      text: "rest-127.0.0.1:8003 is ready\ndatabase is not ready: it is read-only\n",
    });
    looks.answer = async () => undefined;
    runtime.advance(1_000);
    assert.deepEqual(await health.report(), {
      fit: true,
      text: "rest-127.0.0.1:8003 is ready\ndatabase is ready\n",
    });
  });

  test("is known within a second where there is no answer, and nobody looks again before there is one", async () => {
    const { runtime, health, looks } = scene();
    const { promise: silence, resolve: answer } = Promise.withResolvers<undefined>();
    looks.answer = () => silence;
    const asked = health.report();
    await settle();
    runtime.advance(1_000);
    assert.match((await asked).text, /^database is not ready: it does not answer$/m);
    for (let second = 0; second < 5; second += 1) {
      runtime.advance(1_000);
      assert.equal(await health.works(), false);
    }
    assert.equal(looks.count, 1);
    answer(undefined);
    await settle();
    assert.equal(await health.works(), true);
    assert.equal(runtime.timersPending, 0);
  });

  test("tells the log once that it is lost and once that it is back", async () => {
    const { runtime, health, lines, looks } = scene();
    const look = async (answer: () => Promise<string | undefined>): Promise<void> => {
      looks.answer = answer;
      runtime.advance(1_000);
      await health.works();
    };
    await look(async () => undefined);
    await look(async () => "it is read-only");
    await look(async () => "it is read-only");
    await look(() => Promise.reject(new Error("SELECT secret")));
    await look(async () => undefined);
    await look(async () => undefined);
    assert.deepEqual(lines, [
      "not fit to serve: database: it is read-only",
      "not fit to serve: database: it fails",
      "fit to serve again: database",
    ]);
  });
});
