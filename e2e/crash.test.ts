import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type PrivateMariadb, startPrivateMariadb, whyNoMysql } from "@mall/kit/testing";
import fc from "fast-check";
import { type ApiUrls, gatewayUrls, newCustomer } from "./support/people.ts";
import { spawnMall } from "./support/spawned-mall.ts";
import { startSplitMall } from "./support/split.ts";
import { assertVerified } from "./support/verified.ts";
import {
  assertKept,
  assertStockHolds,
  putUpForLoad,
  startWriteLoad,
  type WriteLoad,
} from "./support/write-load.ts";

const SEED = Number(process.env.MALL_CRASH_SEED ?? randomInt(2 ** 31));
const ROUNDS = 3;
/** Of the processes that write, two in each run. */
const processes = fc.shuffledSubarray(["pay.rpc", "order.rpc", "product.rpc", "pay.api"], {
  minLength: 2,
  maxLength: 2,
});
/** Acknowledged writes before each crash. */
const writesBeforeCrash = fc.sample(fc.integer({ min: 20, max: 100 }), { seed: SEED, numRuns: ROUNDS });

describe("a crash under load takes back nothing that was acknowledged", () => {
  it("of all-in-one on SQLite, three times", async (t) => {
    t.diagnostic(
      `seed ${SEED}: MALL_CRASH_SEED=${SEED} crashes after ${writesBeforeCrash.join(", ")} writes`,
    );
    const mall = await spawnMall();
    try {
      const { load, uid, product } = await startLoad(() => gatewayUrls(mall.url), 32);
      for (const writes of writesBeforeCrash) {
        await load.untilWrites(writes);
        await mall.kill();
        await mall.start();
      }
      await load.untilWrites(50);
      await load.stop();
      await mall.kill();
      await mall.start();
      await assertAll(gatewayUrls(mall.url), { load, uid, product });
      await assertVerified(mall.dataSource);
    } finally {
      await mall.stop();
    }
  });

  describe("on MariaDB", { skip: whyNoMysql() ?? false }, () => {
    let server: PrivateMariadb;

    before(async () => {
      const started = await startPrivateMariadb();
      assert.ok(!("skipped" in started));
      server = started;
    });
    after(() => server.stop());

    it("of one split process after the other", async () => {
      const dataSource = await server.createDatabase();
      const mall = await startSplitMall({ dataSource });
      try {
        const { load, uid, product } = await startLoad(() => mall.urls, 8);
        for (const name of fc.sample(processes, { seed: SEED, numRuns: 1 }).flat()) {
          await load.untilWrites(40);
          await mall.killAndRestart(name);
        }
        await load.untilWrites(40);
        await load.stop();
        await assertAll(mall.urls, { load, uid, product });
        await assertVerified(dataSource);
      } finally {
        await mall.stop();
      }
    });

    it("of the database, and the mall goes on by itself when it is back", async () => {
      const mall = await spawnMall({ dataSource: await server.createDatabase() });
      const { pid } = mall;
      try {
        const urls = gatewayUrls(mall.url);
        const { load, uid, product } = await startLoad(() => urls, 32);
        for (let round = 0; round < 2; round += 1) {
          await load.untilWrites(100);
          await server.kill();
          await server.restart();
        }
        await load.untilWrites(100);
        await load.stop();
        assert.equal(mall.pid, pid);
        await assertAll(urls, { load, uid, product });
        await assertVerified(mall.dataSource);
      } finally {
        await mall.stop();
      }
    });
  });
});

interface Loaded {
  readonly load: WriteLoad;
  readonly uid: number;
  readonly product: number;
}

async function startLoad(findUrls: () => ApiUrls, clients: number): Promise<Loaded> {
  const { uid } = await newCustomer(findUrls());
  const product = await putUpForLoad(findUrls());
  return { load: startWriteLoad({ findUrls, uid, product, clients }), uid, product };
}

async function assertAll(urls: ApiUrls, { load, uid, product }: Loaded): Promise<void> {
  const { users, products, paid } = load.acknowledged;
  assert.ok(users.size > 0 && products.size > 0 && paid.size > 0, "every kind of write was acknowledged");
  await assertKept(urls, load, uid);
  await assertStockHolds(urls, product, uid);
}
