import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { createManualRuntime } from "@mall/kit/testing";
import { backgroundCall, Call } from "./call.ts";
import { runWithTimeout } from "./run-with-timeout.ts";

function never(): Promise<never> {
  return new Promise(() => {});
}

function refusedFor(code: string) {
  return (error: unknown) => error instanceof AppError && error.code === code;
}

describe("runWithTimeout", () => {
  it("answers what the work answers and leaves no timer behind", async () => {
    const runtime = createManualRuntime();
    assert.equal(await runWithTimeout(runtime, backgroundCall(), 2000, async () => 7), 7);
    assert.equal(runtime.timersPending, 0);
  });

  it("ends work that takes longer than its own timeout", async () => {
    const runtime = createManualRuntime();
    const work = runWithTimeout(runtime, backgroundCall(), 2000, never);
    runtime.advance(2000);
    await assert.rejects(work, refusedFor("DEADLINE_EXCEEDED"));
  });

  it("gives a child no more time than its parent has", async () => {
    const runtime = createManualRuntime();
    const parent = new Call({ deadline: runtime.now() + 500 });
    const work = runWithTimeout(runtime, parent, 2000, async (call) => {
      assert.equal(call.deadline, parent.deadline);
      return never();
    });
    runtime.advance(500);
    await assert.rejects(work, refusedFor("DEADLINE_EXCEEDED"));
  });

  it("cancels the work when the caller goes away", async () => {
    const runtime = createManualRuntime();
    const parent = backgroundCall();
    let signal: AbortSignal | undefined;
    const work = runWithTimeout(runtime, parent, 2000, async (call) => {
      signal = call.signal;
      return never();
    });
    parent.cancel();
    await assert.rejects(work, refusedFor("CANCELLED"));
    assert.equal(signal?.aborted, true);
    assert.equal(runtime.timersPending, 0);
  });

  it("does not start work for a call that is over", async () => {
    const runtime = createManualRuntime();
    const over = backgroundCall();
    over.cancel();
    const late = new Call({ deadline: runtime.now() });
    const mustNotRun = (): Promise<never> => assert.fail("the work was started");
    await assert.rejects(runWithTimeout(runtime, over, 2000, mustNotRun), refusedFor("CANCELLED"));
    await assert.rejects(runWithTimeout(runtime, late, 2000, mustNotRun), refusedFor("DEADLINE_EXCEEDED"));
  });

  it("keeps the identity of the parent", async () => {
    const runtime = createManualRuntime();
    const parent = backgroundCall({ uid: 7, role: 1 });
    const uid = await runWithTimeout(runtime, parent, 0, async (call) => call.identity?.uid);
    assert.equal(uid, 7);
  });
});
