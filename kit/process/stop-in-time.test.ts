import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "@mall/kit/log";
import { createManualRuntime } from "@mall/kit/testing";
import { stopInTime } from "./stop-in-time.ts";

describe("stopping in time", () => {
  const WAIT_MS = 5500;

  it("is over when its steps are", async () => {
    const steps: string[] = [];
    await stopInTime({ runtime: createManualRuntime(), log: silentLogger }, WAIT_MS, async () => {
      steps.push("stopped");
    });
    assert.deepEqual(steps, ["stopped"]);
  });

  it("does not wait for what hangs, beyond the time to wait and a moment", async () => {
    const runtime = createManualRuntime();
    const stopped = stopInTime({ runtime, log: silentLogger }, WAIT_MS, () => new Promise(() => {}));
    runtime.advance(WAIT_MS + 1000);
    await stopped;
    assert.equal(runtime.timersPending, 0);
  });

  it("tells of a step that failed", async () => {
    const options = { runtime: createManualRuntime(), log: silentLogger };
    await assert.rejects(
      stopInTime(options, WAIT_MS, () => Promise.reject(new Error("no"))),
      /no/,
    );
  });
});
