import { randomInt } from "node:crypto";
import { endOf, numberOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import type { Random } from "../../sim/kernel/index.ts";
import { whyNoCluster } from "./cluster-mall.ts";
import { type ClusterFault, drawFaults } from "./faults.ts";
import { listed, runCluster } from "./run-cluster.ts";

// npm run cluster: a mall of three replicas on three nodes of Galera, whose machines go and come, then its invariants.

const HELP = `npm run cluster -- [--minutes N] [--seed N]

Runs a mall in three replicas, each on a node of a Galera cluster, with buyers who order, pay, cancel and are
refunded, at any replica and with one key at two at once. Kills and freezes nodes and replicas, alone and
together, and holds what is left to the invariants of the simulation and to mall verify.

  --minutes N  how long machines go and come (10)
  --seed N     decides what is done to whom, and what buyers do

Exit code 0: every invariant holds; 1: one does not, or a replica was not back in time.
`;

const MINUTE_MS = 60_000;

const { values } = readFlags({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}
const minutes = numberOf("--minutes", values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumberOf("--seed", values.seed);
const why = whyNoCluster();
if (why !== undefined) endOf(why);
process.stdout.write(`seed ${seed}\n`);
const begunAt = Date.now();
try {
  const report = await runCluster({
    seed,
    expire: "20s",
    faults,
    onFault: ({ fault, backAfterSeconds, answers }) =>
      process.stdout.write(
        `${elapsed()}  ${fault}: back after ${backAfterSeconds.toFixed(1)} s; ${listed(answers)}\n`,
      ),
  });
  process.stdout.write(`${report.requests} requests, ${report.twins} of them to two nodes at once
${report.orders} orders, ${report.attempts} attempts, ${report.refunds} refunds
answers: ${listed(report.answers)}
rounds: ${listed(report.rounds)}
refused: ${listed(report.refusals) || "nothing"}
quiet ${report.quietAfterSeconds.toFixed(1)} s after the last buyer went; every invariant holds\n`);
} catch (error) {
  process.stdout.write(`${elapsed()}  FAILED ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();

/** Faults for as long as the run is to take, and at least one of each kind. */
function* faults(random: Random): Iterable<ClusterFault> {
  const endsAt = Date.now() + minutes * MINUTE_MS;
  do yield* drawFaults(random);
  while (Date.now() < endsAt);
}

/** Minutes and seconds since the run began. */
function elapsed(): string {
  const seconds = Math.round((Date.now() - begunAt) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
