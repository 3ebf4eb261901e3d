import { randomInt } from "node:crypto";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { PROCESS_NAMES, SERVICE_NAMES } from "../support/process-names.ts";
import { allFaults } from "./all-faults.ts";
import { whyNoChaos } from "./chaos-mall.ts";
import { Experiment } from "./experiment.ts";

// npm run chaos: every fault, one after the other, on one mall under load.

const HELP = `npm run chaos -- [words]

Crashes, freezes, starves and delays every part of the split mall under load, one fault after the other, and holds
what is left to the invariants; about half an hour. With words: the faults whose names contain one of them.
MALL_CHAOS_SEED repeats a run.
`;

const { values, positionals: words } = readFlags({
  allowPositionals: true,
  options: { help: { type: "boolean" } },
});
if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}
const given = process.env.MALL_CHAOS_SEED;
const seed = given === undefined ? randomInt(2 ** 31) : wholeNumberOf("MALL_CHAOS_SEED", given);
const faults = allFaults(seed).filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
if (faults.length === 0) endOf(`no fault's name contains ${words.join(" or ")}`);
const why = whyNoChaos();
if (why !== undefined) endOf(why);
process.stdout.write(`MALL_CHAOS_SEED=${seed}\n`);
const failures: string[] = [];
let experiment = await Experiment.start(seed);
if (words.length === 0) {
  for (const service of SERVICE_NAMES.filter((name) => PROCESS_NAMES.includes(`${name}.rpc`))) {
    await experiment.replaceInstances(service);
    process.stdout.write(`${service}.rpc was replaced and replaced again, and nobody was refused\n`);
  }
}
for (const [index, fault] of faults.entries()) {
  const count = `${index + 1} of ${faults.length}`;
  try {
    const { backAfterSeconds, orders, outages } = await experiment.run(fault);
    const told = Object.entries(outages).map(([reason, times]) => `${reason} ${times}`);
    process.stdout.write(
      `${count}  ${fault.name}: back after ${backAfterSeconds.toFixed(1)} s, ${orders} orders, ${told.join(", ") || "no outage"}\n`,
    );
  } catch (error) {
    failures.push(fault.name);
    process.stdout.write(
      `${count}  ${fault.name}: FAILED ${error instanceof Error ? error.message : error}\n`,
    );
    await experiment.stop();
    experiment = await Experiment.start(seed);
  }
}
try {
  await experiment.finish();
} finally {
  await experiment.stop();
}
process.stdout.write(failures.length === 0 ? "all is well\n" : `FAILED: ${failures.join("; ")}\n`);
process.exit(failures.length === 0 ? 0 : 1);
