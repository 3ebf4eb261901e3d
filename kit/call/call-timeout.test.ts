import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { createManualRuntime } from "@mall/kit/testing";
import { backgroundCall, Call } from "./call.ts";
import { CallTimeout } from "./call-timeout.ts";

function never(): Promise<never> {
  return new Promise(() => {});
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tells the code that each piece of work failed with, in the order they failed. */
function watchEnds(): { readonly ends: string[]; watch(name: string, work: Promise<unknown>): void } {
  const ends: string[] = [];
  const watch = (name: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => ends.push(`${name} ${error instanceof AppError ? error.code : error}`));
  };
  return { ends, watch };
}

describe("a timeout that calls share", () => {
  it("ends each call when its own time is over, and sets no timer for one that is done at once", async () => {
    const runtime = createManualRuntime();
    const timeout = new CallTimeout(runtime, 1000);
    const { ends, watch } = watchEnds();
    assert.equal(await timeout.run(backgroundCall(), async () => 7), 7);
    await turn();
    assert.equal(runtime.timersPending, 0);
    watch("first", timeout.run(backgroundCall(), never));
    await turn();
    runtime.advance(400);
    watch("second", timeout.run(backgroundCall(), never));
    await turn();
    assert.equal(runtime.timersPending, 1);
    runtime.advance(599);
    await turn();
    assert.deepEqual(ends, []);
    runtime.advance(1);
    await turn();
    assert.deepEqual(ends, ["first DEADLINE_EXCEEDED"]);
    runtime.advance(400);
    await turn();
    assert.deepEqual(ends, ["first DEADLINE_EXCEEDED", "second DEADLINE_EXCEEDED"]);
    assert.equal(runtime.timersPending, 0);
  });

  it("clears its timer when the last of the calls is done", async () => {
    const runtime = createManualRuntime();
    const timeout = new CallTimeout(runtime, 1000);
    const { ends, watch } = watchEnds();
    const gone = new Call();
    let finish = (): void => {};
    const done = timeout.run(backgroundCall(), () => new Promise<void>((resolve) => (finish = resolve)));
    watch("gone", timeout.run(gone, never));
    await turn();
    assert.equal(runtime.timersPending, 1);
    finish();
    await done;
    assert.equal(runtime.timersPending, 1);
    gone.cancel();
    await turn();
    assert.deepEqual([ends, runtime.timersPending], [["gone CANCELLED"], 0]);
  });

  it("gives a call no more time than its parent has", async () => {
    const runtime = createManualRuntime();
    const parent = new Call({ deadline: runtime.now() + 500 });
    const work = new CallTimeout(runtime, 1000).run(parent, async (call) => {
      assert.equal(call.deadline, parent.deadline);
      return never();
    });
    runtime.advance(500);
    await assert.rejects(work, { code: "DEADLINE_EXCEEDED" });
  });

  it("shows the work the given context instead of the parent's", async () => {
    const parent = backgroundCall({ uid: 7, role: 1 });
    const timeout = new CallTimeout(createManualRuntime(), 1000);
    const identity = await timeout.run(parent, async (call) => call.identity, {});
    assert.equal(identity, undefined);
    assert.equal((await timeout.run(parent, async (call) => call.identity))?.uid, 7);
  });
});
