import { randomInt } from "node:crypto";
import { describe, it } from "node:test";
import { runCrashes, whyNoCrashes } from "./crashes/crashes.ts";

const SEED = Number(process.env.MALL_CRASHES_SEED ?? randomInt(2 ** 31));
/** `npm run crashes` makes many more. */
const KILLS = 3;

describe("the split mall", { skip: whyNoCrashes() ?? false }, () => {
  it(`keeps every invariant through ${KILLS} kills at random moments under load`, async (t) => {
    t.diagnostic(`MALL_CRASHES_SEED=${SEED}`);
    const report = await runCrashes({ kills: KILLS, seed: SEED });
    t.diagnostic(`${report.orders} orders, ${report.attempts} attempts, ${report.refunds} refunds`);
  });
});
