import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { ATTEMPT } from "./invariants/index.ts";
import { firstFailure } from "./mutants/first-failure.ts";
import { MUTATIONS } from "./mutants/mutations.ts";
import type { BatchResult, Failure } from "./run/batch.ts";
import { SHAPES } from "./run/shape.ts";
import { addTallies, formatTally, type Tally } from "./run/tally.ts";
import { runPool } from "./run/worker-pool.ts";

const SEEDS = 200;
/** So often at least each account is paid in them. */
const PAID_MIN = 5;

describe("the simulated mall", () => {
  const workers = availableParallelism();

  for (const shape of SHAPES)
    it(`keeps every invariant in ${SEEDS} runs of the ${shape} shape, whatever fails in them`, async () => {
      const failed: Failure[] = [];
      let states: Tally = {};
      const onBatch = (result: BatchResult): boolean => {
        failed.push(...result.failures);
        states = addTallies(states, result.states);
        return failed.length > 0;
      };
      await runPool({ shape, from: 1, count: SEEDS, workers, onBatch });
      const lines = failed.map(
        ({ seed, message }) => `npm run sim -- --shape ${shape} --seed ${seed} --shrink\n${message}`,
      );
      assert.equal(lines.join("\n"), "");
      for (const channel of ["sandbox", "alipay", "alipay-hk", "wechat", "wechat-two", "stripe"]) {
        const paid = states[`attempt ${channel} ${ATTEMPT.succeeded}`] ?? 0;
        assert.ok(paid >= PAID_MIN, `${channel} was paid ${paid} times: ${formatTally(states)}`);
      }
    });

  it("breaks one where a mistake is put into the code", async () => {
    const mutation = MUTATIONS.find(({ name }) => name === "piece-given-back-without-barrier");
    assert.ok(mutation);
    const failure = await firstFailure(mutation, { from: 1, count: 200, workers });
    assert.match(failure?.message ?? "nothing was noticed", /^stock/);
  });
});
