import { randomInt } from "node:crypto";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { runCrashes, whyNoCrashes } from "./crashes.ts";

// npm run crashes: kill -9 of the split mall's processes under load, on slow ways to its servers, then its invariants.

const HELP = `npm run crashes -- [--kills N] [--seed N]

Runs the split mall on MariaDB and Redis, two processes of each kind, with buyers who order, pay and are
refunded. Kills processes at random moments, makes their ways to both servers slow and cuts them, and holds
what is left to the invariants of the simulation.

  --kills N  how often a process is killed (200)
  --seed N   decides what is killed and when, and what buyers do
`;

const { values } = readFlags({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string" }, help: { type: "boolean" } },
});
if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}
const kills = wholeNumberOf("--kills", values.kills, 1);
const why = whyNoCrashes();
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumberOf("--seed", values.seed);
if (why !== undefined) endOf(why);
process.stdout.write(`seed ${seed}\n`);
const report = await runCrashes({
  kills,
  seed,
  onKill: (count, name) => {
    if (count % 10 === 0) process.stdout.write(`${count} of ${kills}: ${name}\n`);
  },
});
const list = (times: ReadonlyMap<string, number>): string =>
  [...times].map(([what, number]) => `${what} ${number}`).join(", ");
process.stdout.write(
  `${report.kills} kills, ${report.orders} orders, ${report.attempts} attempts, ${report.refunds} refunds
rounds: ${list(report.rounds)}
refused: ${list(report.refusals) || "nothing"}
quiet ${report.quietAfterSeconds.toFixed(1)} s after the last restart; every invariant holds\n`,
);
