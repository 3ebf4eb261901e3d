import type { Batch, Failure } from "../run/batch.ts";
import { runPool } from "../run/worker-pool.ts";
import type { Mutation } from "./mutation.ts";
import { APPLY, MUTATION_VARIABLE } from "./mutations.ts";

/** Most mistakes are noticed after a few. */
const BATCH_SEEDS = 10;

/** The first of some seeds whose run fails with this mistake in the code; undefined where none does. */
export async function firstFailure(
  { name, shape = "embedded", withRealChannels = false }: Mutation,
  { workers, ...seeds }: Pick<Batch, "from" | "count"> & { readonly workers: number },
): Promise<Failure | undefined> {
  const found: Failure[] = [];
  await runPool({
    ...seeds,
    shape,
    withRealChannels,
    workers,
    batchSeeds: BATCH_SEEDS,
    execArgv: ["--import", APPLY],
    env: { [MUTATION_VARIABLE]: name },
    onBatch: ({ failures }) => {
      found.push(...failures);
      return found.length > 0;
    },
  });
  return found.toSorted((left, right) => left.seed - right.seed)[0];
}
