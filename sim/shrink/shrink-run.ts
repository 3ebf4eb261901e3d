import { Violation } from "../invariants/index.ts";
import { type RunOptions, type RunResult, runSeed } from "../run/run-seed.ts";
import { minimize } from "./minimize.ts";

interface Item {
  readonly kind: "action" | "fault";
  readonly id: string;
}

/**
 * The run of a failing seed with the fewest actions and faults that still break the same invariant, its timeline
 * kept; undefined where the seed does not fail.
 */
export async function shrinkRun(
  run: Pick<RunOptions, "seed" | "shape" | "files">,
): Promise<RunResult | undefined> {
  const whole = await runSeed(run);
  if (whole.failure === undefined) return undefined;
  const name = nameOf(whole.failure);
  const items: Item[] = [
    ...whole.faults.map((id) => ({ kind: "fault", id }) as const),
    ...whole.actions.map((id) => ({ kind: "action", id }) as const),
  ];
  const fails = async (subset: readonly Item[]): Promise<boolean> => {
    const { failure } = await runSeed({ ...run, subset: subsetOf(subset) });
    return failure !== undefined && nameOf(failure) === name;
  };
  const fewest = await minimize(items, fails);
  return runSeed({ ...run, records: true, subset: subsetOf(fewest) });
}

function nameOf(failure: Error): string {
  return failure instanceof Violation ? failure.invariant : failure.name;
}

function subsetOf(items: readonly Item[]): { actions: Set<string>; faults: Set<string> } {
  const ids = (kind: Item["kind"]): Set<string> =>
    new Set(items.filter((item) => item.kind === kind).map(({ id }) => id));
  return { actions: ids("action"), faults: ids("fault") };
}
