import { randomInt } from "node:crypto";
import { allFaults } from "./all-faults.ts";
import { whyNoChaos } from "./chaos-mall.ts";
import { Experiment } from "./experiment.ts";

// npm run chaos: every fault, one after the other, on one mall under load; about half an hour. With arguments:
// the faults whose names contain one of them.

const why = whyNoChaos();
if (why !== undefined) throw new Error(why);
const seed = Number(process.env.MALL_CHAOS_SEED ?? randomInt(2 ** 31));
process.stdout.write(`MALL_CHAOS_SEED=${seed}\n`);
const words = process.argv.slice(2);
const faults = allFaults(seed).filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
const failures: string[] = [];
let experiment = await Experiment.start(seed);
if (words.length === 0) {
  for (const service of ["user", "product", "order", "pay"] as const) {
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
