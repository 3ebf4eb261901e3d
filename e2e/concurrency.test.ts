import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase, type TestDatabases } from "@mall/kit/testing";
import { forEachCache, type TestCache } from "./support/for-each-cache.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole, personWithToken } from "./support/people.ts";
import { countOutcomes } from "./support/refusals.ts";
import { openPay, orderOne, putUp } from "./support/shop.ts";
import { type SpawnedMall, spawnMall } from "./support/spawned-mall.ts";
import { assertVerified } from "./support/verified.ts";

const CALLERS = 200;
const AT_ONCE = 100;
/** It is about what all of them come to, on a slow machine too: none is to run out of its time. */
const TIMEOUT_MS = 60_000;

forEachDatabase("callers at once", (databases) => {
  /** What one process decides must hold for the other. */
  for (const count of [1, 2]) {
    describe(count === 1 ? "one process" : "two processes on one database", () => {
      forEachCache((cache) => defineTests({ databases, count, cache }));
    });
  }
});

interface Scene {
  readonly databases: TestDatabases;
  /** Processes. */
  readonly count: number;
  readonly cache: TestCache;
}

function defineTests({ databases, count, cache }: Scene): void {
  const malls: SpawnedMall[] = [];
  let customers: Person[];
  let staff: Person;
  let dataSource: string;

  before(async () => {
    dataSource = await databases.createDataSource();
    for (let index = 0; index < count; index += 1)
      malls.push(await spawnMall({ dataSource, cacheRedis: cache.host, blocks: { Timeout: TIMEOUT_MS } }));
    const urls = malls.map((mall) => gatewayUrls(mall.url));
    const [first] = urls;
    assert.ok(first !== undefined);
    staff = personOfRole(first, "staff");
    const customer = await newCustomer(first);
    customers = urls.map((url) => personWithToken(url, customer.uid, customer.token));
  });
  after(async () => {
    for (const mall of malls) await mall.stop();
  });

  const spread = (index: number): Person => {
    const customer = customers[index % customers.length];
    assert.ok(customer !== undefined);
    return customer;
  };

  it("two hundred orders on a stock of fifty sell fifty and leave zero", async () => {
    const pid = await putUp(staff, 50);
    const orderAll = () =>
      countOutcomes(Array.from({ length: AT_ONCE }, (_, index) => orderOne(spread(index), pid)));
    const outOfStock = { reasons: ["STOCK_INSUFFICIENT"] };
    assert.deepEqual(await orderAll(), { answered: 50, refused: AT_ONCE - 50, ...outOfStock });
    assert.deepEqual(await orderAll(), { answered: 0, refused: CALLERS - AT_ONCE, ...outOfStock });
    assert.equal((await staff.product.detail({ id: pid })).stock, 0);
    const placed = await spread(0).order.list({ uid: spread(0).uid, limit: 500 });
    assert.equal(placed.filter((order) => order.pid === pid).length, 50);
  });

  it("two hundred payments for one order make one", async () => {
    const oid = await orderOne(spread(0), await putUp(staff, 1));
    const pays = Array.from({ length: CALLERS }, (_, index) => openPay(spread(index), oid));
    const outcome = await countOutcomes(pays);
    assert.deepEqual(outcome, { answered: 1, refused: 199, reasons: ["PAY_EXISTS"] });
  });

  it("a cancelled order gives its piece back exactly once", async () => {
    const pid = await putUp(staff, 1);
    const oid = await orderOne(spread(0), pid);
    const cancels = Array.from({ length: 20 }, (_, index) =>
      spread(index).order.update({ id: oid, status: 9 }),
    );
    await countOutcomes(cancels);
    assert.equal((await staff.product.detail({ id: pid })).stock, 1);
  });

  it("leave payments, orders and stock that say the same", () => assertVerified(dataSource));
}
