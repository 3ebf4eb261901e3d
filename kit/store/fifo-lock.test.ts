import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import { FifoLock } from "./fifo-lock.ts";

describe("fifo lock", () => {
  it("lets one in at a time, in the order of asking, and goes on after a failure", async () => {
    const lock = new FifoLock(systemRuntime);
    const order: number[] = [];
    let inside = 0;
    const work = async (index: number): Promise<void> => {
      inside += 1;
      assert.equal(inside, 1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(index);
      inside -= 1;
      if (index === 3) throw new Error("three");
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((index) => lock.run(() => work(index))));
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(
      results.map(({ status }) => status === "fulfilled"),
      [true, true, true, false, true, true],
    );
  });

  it("ends work that waits for the lock it holds itself", async () => {
    const timers: (() => void)[] = [];
    const runtime: Runtime = {
      ...systemRuntime,
      setTimer: (callback) => {
        timers.push(callback);
        return { clear: () => {} };
      },
    };
    const lock = new FifoLock(runtime);
    const outer = lock.run(async () => {
      const inner = lock.run(() => 1);
      timers[0]?.();
      await inner;
    });
    await assert.rejects(outer, (error) => error instanceof AppError && error.reason === "DATABASE_BUSY");
    assert.equal(await lock.run(() => 2), 2);
  });
});
