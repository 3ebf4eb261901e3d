import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { wrapUp } from "./wrap-up.ts";

test("a process that leaves waits its WrapUpTime, and has the rest of its WaitTime for closing", async () => {
  for (const [WrapUpTime, WaitTime, waits, left] of [
    [1_000, 5_500, 1_000, 4_500],
    [0, 5_500, 0, 5_500],
    [9_000, 4_000, 4_000, 0],
  ] as const) {
    const runtime = createManualRuntime();
    let result: number | undefined;
    const wrapped = wrapUp(runtime, { WrapUpTime, WaitTime }).then((ms) => {
      result = ms;
    });
    if (waits > 0) {
      runtime.advance(waits - 1);
      await new Promise(setImmediate);
      assert.equal(result, undefined);
      runtime.advance(1);
    }
    await wrapped;
    assert.equal(result, left);
  }
});
