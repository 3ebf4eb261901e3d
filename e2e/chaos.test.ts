import { randomInt } from "node:crypto";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { twinOf, whyNoChaos } from "./chaos/chaos-mall.ts";
import { Experiment } from "./chaos/experiment.ts";
import {
  crash,
  delay,
  emptyEtcd,
  evictFromRedis,
  fillRedis,
  freeze,
  restoreRedis,
  severWays,
} from "./chaos/faults.ts";
import { PROCESS_NAMES } from "./support/process-names.ts";

const SEED = Number(process.env.MALL_CHAOS_SEED ?? randomInt(2 ** 31));
const FROZEN_MS = 3000;
const FAR_MS = 200;
const CUTS = 10;
/** Faults of a run, drawn anew each time. */
const FAULTS_OF_RUN = 3;

/** Processes and moments of this run. */
const [chosen = [], moments = []] =
  fc.sample(
    fc.tuple(
      fc.shuffledSubarray(PROCESS_NAMES, { minLength: 4, maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 4, maxLength: 4 }),
    ),
    { seed: SEED, numRuns: 1 },
  )[0] ?? [];
const [one = "", other = "", third = "", frozen = ""] = chosen;
const [early = 0, late = 0, later = 0, latest = 0] = moments;

/** Those that stand for all of `npm run chaos`. */
const FAULTS = [
  crash([one, other], early),
  crash(["mariadb", third], late),
  crash(["redis"], later),
  freeze("mariadb", FROZEN_MS),
  freeze("redis", FROZEN_MS),
  freeze(twinOf(frozen), FROZEN_MS),
  fillRedis(FROZEN_MS),
  evictFromRedis(FROZEN_MS),
  restoreRedis(FROZEN_MS, later),
  delay("redis", { direction: "toClient", ms: FAR_MS, forMs: FROZEN_MS }),
  delay("mysql", { ms: FAR_MS, forMs: FROZEN_MS }),
  severWays(CUTS, SEED),
  emptyEtcd("order.rpc", latest),
];

describe("the split mall, two processes of each kind, under load loses nothing, says nothing wrong and is back by itself within 15 s of", {
  skip: whyNoChaos() ?? false,
}, () => {
  let experiment: Experiment;

  before(async () => {
    experiment = await Experiment.start(SEED);
  });
  after(() => experiment.stop());

  it("an instance that is replaced by another one, not even refusing anybody", () =>
    experiment.replaceInstances("order"));

  const [drawn = []] = fc.sample(
    fc.shuffledSubarray(FAULTS, { minLength: FAULTS_OF_RUN, maxLength: FAULTS_OF_RUN }),
    { seed: SEED, numRuns: 1 },
  );
  for (const fault of drawn) {
    it(fault.name, async (t) => {
      t.diagnostic(`MALL_CHAOS_SEED=${SEED}`);
      const { backAfterSeconds, orders, outages } = await experiment.run(fault);
      t.diagnostic(`back after ${backAfterSeconds} s, ${orders} orders, ${JSON.stringify(outages)}`);
    });
  }

  it("all of them, as a last look at everything it ever acknowledged tells", () => experiment.finish());
});
