import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { firstFailure } from "./mutants/first-failure.ts";
import type { Failure } from "./run/batch.ts";
import { runPool } from "./run/worker-pool.ts";

const SEEDS = 1_000;

describe("the simulated mall", () => {
  const workers = availableParallelism();

  it(`keeps every invariant in ${SEEDS} runs, whatever fails in them`, async () => {
    const failed: Failure[] = [];
    const onBatch = ({ failures }: { failures: readonly Failure[] }): boolean => {
      failed.push(...failures);
      return failed.length > 0;
    };
    await runPool({ from: 1, count: SEEDS, workers, onBatch });
    const lines = failed.map(({ seed, message }) => `npm run sim -- --seed ${seed} --shrink\n${message}`);
    assert.equal(lines.join("\n"), "");
  });

  it("breaks one where a mistake is put into the code", async () => {
    const failure = await firstFailure("piece-given-back-without-barrier", { from: 1, count: 200, workers });
    assert.match(failure?.message ?? "nothing was noticed", /^stock/);
  });
});
