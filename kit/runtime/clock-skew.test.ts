import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createManualRuntime } from "@mall/kit/testing";
import { measureSkew, SKEW_MS_MAX, SKEW_MS_WARN, skewText, surelyOff } from "./clock-skew.ts";

/** Asks a clock that is `aheadMs` ahead, over a way of so many milliseconds there and back each time. */
async function measured(aheadMs: number, ways: readonly (readonly [there: number, back: number])[]) {
  const runtime = createManualRuntime();
  let asked = 0;
  const skew = await measureSkew(runtime, async () => {
    const [there, back] = ways[Math.min(asked, ways.length - 1)] ?? [0, 0];
    asked += 1;
    runtime.advance(there);
    const told = runtime.now() + aheadMs;
    runtime.advance(back);
    return told;
  });
  assert.ok(skew !== undefined);
  return { skew, asked };
}

describe("a clock that is compared over the network", () => {
  it("is as far off as it is, whatever the way takes", async () => {
    for (const way of [0, 5, 400, 3_000]) {
      for (const aheadMs of [0, 2_500, -7_000]) {
        const { skew } = await measured(aheadMs, [[way, way]]);
        assert.deepEqual([skew.aheadMs, skew.errorMs], [aheadMs, way]);
      }
    }
  });

  it("is never surely off for a way that is slow on one side", async () => {
    for (const way of [
      [4_000, 0],
      [0, 4_000],
    ] as const) {
      const { skew } = await measured(0, [way]);
      assert.equal(surelyOff(skew), 0);
    }
    const { skew } = await measured(9_000, [[4_000, 0]]);
    assert.ok(surelyOff(skew) >= SKEW_MS_MAX);
  });

  it("is asked until a way is short, a few times at most, and the shortest counts", async () => {
    const short = await measured(1_500, [
      [900, 0],
      [300, 0],
      [2, 2],
      [900, 0],
    ]);
    assert.deepEqual([short.asked, short.skew], [3, { aheadMs: 1_500, errorMs: 2 }]);
    assert.ok(surelyOff(short.skew) > SKEW_MS_WARN);
    assert.equal((await measured(0, [[100, 100]])).asked, 5);
  });

  it("is not known where nobody tells it, and is told to people in seconds", async () => {
    assert.equal(await measureSkew(createManualRuntime(), async () => undefined), undefined);
    assert.equal(skewText({ aheadMs: -3_210, errorMs: 1 }), "3.2 s behind");
    assert.equal(skewText({ aheadMs: 61_000, errorMs: 1 }), "61.0 s ahead of");
  });
});
