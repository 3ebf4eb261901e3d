import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  type DelayProxy,
  startDelayProxy,
  startMariadb,
  startRedis,
  type TestMysql,
  type TestRedis,
  whyNoMysql,
  whyNoRedis,
} from "@mall/kit/testing";
import { Account } from "../sim/actors/index.ts";
import { checkAtEnd } from "../sim/invariants/index.ts";
import { Random } from "../sim/kernel/index.ts";
import { openRowReader, type RowReader, untilQuiet } from "./crashes/read-rows.ts";
import { askPatiently } from "./support/ask-patiently.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";
import { assertVerified } from "./support/verified.ts";

const SEED = Number(process.env.MALL_SLOW_CACHE_SEED ?? randomInt(2 ** 31));
const REPLICAS = 2;
const BUYERS = 24;
const ROUNDS = 12;
const STOCK = 1_000_000;
/** In each direction, milliseconds: a Redis whose round trip is 60 to 76 ms. */
const AWAY = { min: 30, max: 38 };
const EXPIRE = "10s";

describe("two malls on one MariaDB and one Redis that is far away", {
  skip: whyNoMysql() ?? whyNoRedis() ?? false,
}, () => {
  const malls: SpawnedMall[] = [];
  let server: TestMysql;
  let redis: TestRedis;
  let proxy: DelayProxy;
  let dataSource: string;
  let rows: RowReader;

  before(async () => {
    const started = await startMariadb();
    assert.ok(!("skipped" in started));
    server = started;
    redis = await startRedis();
    const random = new Random(SEED);
    proxy = await startDelayProxy({
      target: redis.host,
      random: () => random.float(),
      delays: { toServer: AWAY, toClient: AWAY },
    });
    dataSource = await server.createDatabase();
    for (let count = 0; count < REPLICAS; count += 1) {
      const blocks = { Order: { OrderExpire: EXPIRE }, Pay: { PayExpire: EXPIRE } };
      malls.push(await spawnMall({ dataSource, cacheRedis: proxy.host, blocks }));
    }
    rows = await openRowReader(dataSource);
  });
  after(async () => {
    await rows.close();
    await Promise.all(malls.map((mall) => mall.stop()));
    await proxy.stop();
    await redis.stop();
    await server.stop();
  });

  it("have an order that is paid, or the money back, for every payment that is paid", async (t) => {
    t.diagnostic(`MALL_SLOW_CACHE_SEED=${SEED}`);
    const urls = malls.map(({ url }) => gatewayUrls(url));
    const [first = assert.fail()] = urls;
    const { uid } = await newCustomer(first);
    const pid = await putUp(personOfRole(first, "staff"), STOCK);
    const customers = urls.map((each) => personOfRole(each, "customer", uid));
    const gateways = urls.map((each) => personOfRole(each, "gateway"));
    const account = new Account();
    let turn = 0;
    const next = (people: readonly Person[]): Person => people[turn++ % people.length] ?? assert.fail();

    const buy = async (): Promise<void> => {
      const oid = await askPatiently((options) => orderOne(next(customers), pid, options));
      account.addOrder({ id: oid, uid, pid, amount: PRICE });
      const id = await askPatiently((options) => openPay(next(customers), oid, options));
      account.pays.push({ id, uid, oid, amount: PRICE });
      await askPatiently((options) => next(gateways).pay.callback(success({ id, uid, oid }), options));
      account.calledBack.push({ id, uid, oid, amount: PRICE });
    };
    const buyer = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round += 1) await buy();
    };
    await Promise.all(Array.from({ length: BUYERS }, buyer));

    await untilQuiet(rows);
    const books = await rows.books();
    assert.equal(books.orders.length, BUYERS * ROUNDS);
    const isPaid = new Set(books.orders.filter(({ status }) => status === 1).map(({ id }) => id));
    const lost = books.pays.filter(({ status, oid }) => status === 1 && !isPaid.has(oid)).length;
    t.diagnostic(`${isPaid.size} of ${books.orders.length} orders are paid, ${lost} payments are lost`);
    const bank = { trades: [], acknowledged: new Set<string>() };
    checkAtEnd(books, await rows.openWork(), { account, bank, piecesOf: () => STOCK });
    await assertVerified(dataSource, { initial: new Map([[pid, STOCK]]) });
  });
});
