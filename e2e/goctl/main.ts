import { compareWithGoctl } from "./compare-goctl.ts";
import { type ContractKind, findGoctl, PROTOC, startGoctl } from "./goctl-program.ts";

// Contracts of a grammar, given to mallctl and to goctl: how many times as many as in `npm test`, and the seed.
const [times = "10", seedText = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const RUNS: readonly (readonly [ContractKind, number])[] = [
  ["api", 1000],
  ["sql", 40],
  ["proto", 300],
];

if (PROTOC === undefined) throw new Error("protoc is missing: install it, or name it in MALL_TEST_PROTOC");
const { skip, folder } = await findGoctl();
if (skip !== false) throw new Error(skip);
const goctl = startGoctl(folder);
for (const [kind, count] of RUNS) {
  const runs = count * Number(times);
  const taken = await compareWithGoctl(goctl, kind, { runs, seed: Number(seedText) });
  process.stdout.write(`seed ${seedText}: ${runs} .${kind}, of which goctl took ${taken}; no difference\n`);
}
await goctl.stop();
