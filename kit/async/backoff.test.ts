import assert from "node:assert/strict";
import { it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { backoffMs } from "./backoff.ts";

const BACKOFF = { firstMs: 100, lastMs: 600_000 };

it("the pause doubles with each failure from the first to the last, of which chance takes up to half", () => {
  for (let failures = 1; failures <= 2_000; failures += 1) {
    const longest = Math.min(100 * 2 ** (failures - 1), 600_000);
    const pause = backoffMs(systemRuntime, failures, BACKOFF);
    assert.ok(pause >= longest / 2 && pause <= longest, `${failures}: ${pause}`);
  }
});

it("what failed together does not come back together", () => {
  const pauses = new Set(Array.from({ length: 100 }, () => backoffMs(systemRuntime, 14, BACKOFF)));
  assert.ok(pauses.size > 90);
});
