import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { retryBusy } from "./retry-busy.ts";
import { DatabaseBusyError } from "./store-errors.ts";

describe("retry while busy", () => {
  it("tries again with growing pauses, ten times at most", async () => {
    const delays: number[] = [];
    const runtime: Runtime = {
      ...systemRuntime,
      setTimer: (callback, delayMs) => {
        delays.push(delayMs);
        queueMicrotask(callback);
        return { clear: () => {} };
      },
    };
    let attempts = 0;
    const busy = async (): Promise<never> => {
      attempts += 1;
      throw new DatabaseBusyError(new Error("busy"));
    };
    await assert.rejects(retryBusy(runtime, busy), DatabaseBusyError);
    assert.equal(attempts, 10);
    for (const [index, delay] of delays.entries()) {
      const most = Math.min(10 * 2 ** index, 500);
      assert.ok(delay >= most / 2 && delay <= most, `pause ${index} of ${delay} ms`);
    }
  });

  it("passes any other error on at once", async () => {
    let attempts = 0;
    const work = async (): Promise<never> => {
      attempts += 1;
      throw new Error("other");
    };
    await assert.rejects(retryBusy(systemRuntime, work), /other/);
    assert.equal(attempts, 1);
  });

  it("keeps a process alive that has nothing else to do", () => {
    const script = `
      import { systemRuntime } from "@mall/kit/runtime";
      import { retryBusy } from "./retry-busy.ts";
      import { DatabaseBusyError } from "./store-errors.ts";
      let attempts = 0;
      await retryBusy(systemRuntime, async () => {
        attempts += 1;
        if (attempts < 3) throw new DatabaseBusyError(undefined);
      });
      console.log(attempts);`;
    const options = { cwd: import.meta.dirname, encoding: "utf8" } as const;
    const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script], options);
    assert.deepEqual([child.status, child.stdout], [0, "3\n"]);
  });
});
