import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type PrivateEtcd, startPrivateEtcd, until, valuesUnder, whyNoPrivateEtcd } from "@mall/kit/testing";
import type { ApiUrls } from "./support/people.ts";
import { playJourney } from "./support/play-journey.ts";
import { type SplitMall, startSplitMall } from "./support/split.ts";

const SERVICES = ["user", "product", "order", "pay"] as const;

/** More than a lease, for a machine that is busy. */
const REGISTERED_MS_MAX = 15_000;

/** A second, for a machine that is busy. */
const RECONNECTED_MS_MAX = 5_000;

describe("eight processes that know only etcd", {
  skip: whyNoPrivateEtcd() ?? false,
  timeout: 120_000,
}, () => {
  let etcd: PrivateEtcd;
  let mall: SplitMall;

  before(async () => {
    etcd = await startPrivateEtcd();
    mall = await startSplitMall({ etcd: etcd.host });
  });
  after(async () => {
    await mall.stop();
    await etcd.stop();
  });

  test("find each other and play the journey", async () => {
    for (const service of SERVICES) {
      assert.deepEqual(await valuesUnder(etcd, `${service}.rpc/`), [mall.rpcAddress(service)]);
    }
    await playJourney(mall.urls);
  });

  test("go on with a second instance when the first is killed, and with the first when the second is", async () => {
    const second = await mall.addInstance("order");
    await untilRegistered(etcd, "order", [mall.rpcAddress("order"), second.address]);
    await mall.kill("order.rpc");
    await playJourney(mall.urls);
    await mall.killAndRestart("order.rpc");
    await second.kill();
    await untilPlayed(mall.urls);
    await untilRegistered(etcd, "order", [mall.rpcAddress("order")]);
  });

  test("go on while etcd is down, and register by themselves when it comes back without its data", async () => {
    await etcd.kill();
    await playJourney(mall.urls);
    etcd.loseData();
    await etcd.restart();
    await playJourney(mall.urls);
    for (const service of SERVICES) await untilRegistered(etcd, service, [mall.rpcAddress(service)]);
    await playJourney(mall.urls);
  });
});

/** A peer that was down is tried again within a second; until then nobody else was there to serve. */
async function untilPlayed(urls: ApiUrls): Promise<void> {
  const deadline = Date.now() + RECONNECTED_MS_MAX;
  for (;;) {
    try {
      return await playJourney(urls);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function untilRegistered(
  etcd: PrivateEtcd,
  service: string,
  expected: readonly string[],
): Promise<void> {
  const wanted = [...expected].sort().join();
  await until(`${service}.rpc is at ${wanted}`, () => valuesUnder(etcd, `${service}.rpc/`), {
    holds: (now) => now.join() === wanted,
    withinMs: REGISTERED_MS_MAX,
    everyMs: 50,
  });
}
