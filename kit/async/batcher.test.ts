import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { createBatcher } from "./batcher.ts";

describe("batcher", () => {
  it("takes what one tick asks for in batches of at most 64, each answer to its own caller", async () => {
    const sizes: number[] = [];
    const double = createBatcher<number, number>(systemRuntime, { inFlightMax: 8 }, async (items) => {
      sizes.push(items.length);
      return items.map((item) => item * 2);
    });
    const items = Array.from({ length: 150 }, (_, index) => index);
    assert.deepEqual(
      await Promise.all(items.map(double)),
      items.map((item) => item * 2),
    );
    assert.deepEqual(sizes, [64, 64, 22]);
  });

  it("keeps collecting while as many batches as allowed are out", async () => {
    const batches: { items: readonly number[]; finish: () => void }[] = [];
    const load = createBatcher<number, number>(systemRuntime, { inFlightMax: 2 }, (items) => {
      const { promise, resolve } = Promise.withResolvers<number[]>();
      batches.push({ items, finish: () => resolve([...items]) });
      return promise;
    });
    const results: Promise<number>[] = [];
    for (let item = 0; item < 6; item += 1) {
      results.push(load(item));
      await nextTick();
    }
    assert.deepEqual(
      batches.map(({ items }) => items),
      [[0], [1]],
    );
    batches[0]?.finish();
    await nextTick();
    assert.deepEqual(
      batches.map(({ items }) => items),
      [[0], [1], [2, 3, 4, 5]],
    );
    for (const batch of batches) batch.finish();
    assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4, 5]);
  });

  it("fails one caller for an Error in its place, and all of a batch that rejects, and goes on", async () => {
    const load = createBatcher<string, string>(systemRuntime, { inFlightMax: 1 }, async (items) => {
      if (items.includes("break")) throw new Error("all");
      return items.map((item) => (item === "bad" ? new Error("one") : item));
    });
    const apart = await Promise.allSettled(["a", "bad", "b"].map(load));
    assert.deepEqual(
      apart.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    const together = await Promise.allSettled(["a", "break"].map(load));
    assert.deepEqual(
      together.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(await load("after"), "after");
  });
});

function nextTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}
