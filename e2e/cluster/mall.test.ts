import { randomInt } from "node:crypto";
import { describe, it } from "node:test";
import { whyNoCluster } from "./cluster-mall.ts";
import { loseMajority } from "./faults.ts";
import { listed, runCluster } from "./run-cluster.ts";

const SEED = Number(process.env.MALL_CLUSTER_SEED ?? randomInt(2 ** 31));
const WITHOUT_MAJORITY_MS = 3000;
/** So short that much expires while nobody serves. */
const EXPIRE = "5s";

/** `npm run cluster` does more to it, and for longer. */
describe("one mall in three replicas on three nodes", { skip: whyNoCluster() ?? false }, () => {
  it("keeps every invariant and is back by itself after a node was killed and another one stood still", async (t) => {
    t.diagnostic(`MALL_CLUSTER_SEED=${SEED}`);
    const report = await runCluster({
      seed: SEED,
      expire: EXPIRE,
      faults: () => [loseMajority(2, 3, WITHOUT_MAJORITY_MS)],
      onFault: ({ fault, backAfterSeconds, answers }) =>
        t.diagnostic(`${fault}: back after ${backAfterSeconds} s; ${listed(answers)}`),
    });
    const { requests, twins, orders, attempts, refunds, quietAfterSeconds } = report;
    t.diagnostic(`${requests} requests, ${twins} of them to two nodes at once`);
    t.diagnostic(
      `${orders} orders, ${attempts} attempts, ${refunds} refunds; quiet after ${quietAfterSeconds} s`,
    );
  });
});
