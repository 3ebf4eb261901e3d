import { availableParallelism } from "node:os";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { failingTest } from "./mutants/failing-test.ts";
import { firstFailure } from "./mutants/first-failure.ts";
import { checkMutations, type Mutation } from "./mutants/mutation.ts";
import { MUTATIONS } from "./mutants/mutations.ts";

// npm run sim:mutants: puts mistakes into the mall, one at a time, and looks whether the simulation notices.

const HELP = `npm run sim:mutants -- [options] [names]

Runs the simulation with a mistake put into the mall's code, for each mistake of sim/mutants/mutations.ts (or those
whose names hold one of the words given), until a run fails; where no run can, the test that notices it. Exits with 1
where a mistake is not noticed.

  --seeds N      how many seeds each gets at most (10000)
  --workers N    processes (one for each processor)
  --list         only names them
  --help         this text
`;

const { values, positionals } = readFlags({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "10000" },
    workers: { type: "string", default: String(availableParallelism()) },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** By what a mistake is noticed; undefined where it is not. */
async function endOfMutation(mutation: Mutation): Promise<string | undefined> {
  const { shape = "embedded", test } = mutation;
  if (test !== undefined) {
    const failing = failingTest(mutation, test);
    return failing && `${test}: ${failing}`;
  }
  const failure = await firstFailure(mutation, {
    from: 1,
    count: wholeNumberOf("--seeds", values.seeds, 1),
    workers: wholeNumberOf("--workers", values.workers, 1),
  });
  return failure && `${shape} seed ${failure.seed}: ${failure.message}`;
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  checkMutations(MUTATIONS);
  const chosen = MUTATIONS.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) endOf(`no mistake's name contains ${positionals.join(" or ")}`);
  let missed = 0;
  for (const mutation of chosen) {
    const { name, harm, shape = "embedded" } = mutation;
    if (values.list) {
      process.stdout.write(`${name} (${shape}): ${harm}\n`);
      continue;
    }
    const end = await endOfMutation(mutation);
    if (end === undefined) missed += 1;
    process.stdout.write(`${name}\n  ${harm}\n  ${end ?? "NOT NOTICED"}\n`);
  }
  if (!values.list) process.stdout.write(`${chosen.length - missed} of ${chosen.length} mistakes noticed\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}
