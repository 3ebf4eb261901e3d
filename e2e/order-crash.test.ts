import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, openDatabase } from "@mall/kit/store";
import { startMariadb, type TestMysql, until, whyNoMysql } from "@mall/kit/testing";
import { newCustomer, type Person, personOfRole } from "./support/people.ts";
import { orderOne, putUp } from "./support/shop.ts";
import { type SplitMall, startSplitMall } from "./support/split.ts";
import { assertVerifiedDatabases } from "./support/verified.ts";

/** Whoever asks for a piece waits for the test, which holds the product's row; so a crash comes when it is to come. */
describe("a crash between stock and order", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  let database: Database;
  let mall: SplitMall;
  let customer: Person;
  let staff: Person;

  before(async () => {
    const started = await startMariadb();
    assert.ok(!("skipped" in started));
    server = started;
    const dataSource = await server.createDatabase();
    // A process that died is not waited for longer than the test has to.
    const blocks = (name: string): object => (name === "order.rpc" ? { Jobs: { Lease: "1s" } } : {});
    mall = await startSplitMall({ dataSource, blocks });
    database = await openDatabase({ dataSource, runtime: systemRuntime });
    customer = await newCustomer(mall.urls);
    staff = personOfRole(mall.urls, "staff");
  });
  after(async () => {
    await database?.close();
    await mall?.stop();
    await server?.stop();
  });

  /** Processes that were started again find each other some time after. */
  beforeEach(async () => {
    const pid = await putUp(staff, 1_000);
    const isSold = async (): Promise<boolean> =>
      orderOne(customer, pid).then(
        () => true,
        () => false,
      );
    await until("orders are taken", isSold);
    await until("all sagas have ended", async () => (await openSagas()) === 0);
  });

  const count = async (sql: string, ...parameters: number[]): Promise<number> =>
    Number((await database.read({ sql, parameters }))[0]?.n);
  const stockOf = (pid: number) => count("SELECT stock AS n FROM product WHERE id = ?", pid);
  const ordersOf = (pid: number, status: number) =>
    count("SELECT count(*) AS n FROM `order` WHERE pid = ? AND status = ?", pid, status);
  const openSagas = () => count("SELECT count(*) AS n FROM saga WHERE state IN (0, 1)");
  const openReleases = () =>
    count("SELECT count(*) AS n FROM job WHERE kind = 'order.release' AND state = 0");

  /** Does `work` while nobody's change of the product's stock gets through. */
  const holding = (pid: number, work: () => Promise<void>): Promise<void> =>
    database.transaction(async (tx) => {
      await tx.read({ sql: "SELECT id FROM product WHERE id = ? FOR UPDATE", parameters: [pid] });
      await work();
    });

  it("of the order rpc, whose piece is taken after its death: the order is written by the next process", async () => {
    const pid = await putUp(staff, 3);
    let asked: Promise<unknown> = Promise.resolve();
    await holding(pid, async () => {
      asked = orderOne(customer, pid).catch(() => undefined);
      await until("the saga has begun", async () => (await openSagas()) === 1);
      await waitsForRow(database);
      await mall.kill("order.rpc");
    });
    await asked;
    await until("the piece is taken", async () => (await stockOf(pid)) === 2);
    assert.equal(await ordersOf(pid, 0), 0);
    await mall.start("order.rpc");
    await until("the saga has ended", async () => (await openSagas()) === 0);
    assert.deepEqual([await ordersOf(pid, 0), await stockOf(pid)], [1, 2]);
  });

  it("of the product rpc, whose transaction dies with it: the piece is asked for again", async () => {
    const pid = await putUp(staff, 3);
    let asked: Promise<unknown> = Promise.resolve();
    await holding(pid, async () => {
      asked = orderOne(customer, pid).catch(() => undefined);
      await until("the saga has begun", async () => (await openSagas()) === 1);
      await waitsForRow(database);
      await mall.kill("product.rpc");
    });
    await asked;
    await mall.start("product.rpc");
    await until("the saga has ended", async () => (await openSagas()) === 0);
    assert.deepEqual([await ordersOf(pid, 0), await stockOf(pid)], [1, 2]);
  });

  it("of both while a cancelled order gives its piece back: it comes back once", async () => {
    const pid = await putUp(staff, 3);
    const id = await orderOne(customer, pid);
    let asked: Promise<unknown> = Promise.resolve();
    await holding(pid, async () => {
      asked = customer.order.update({ id, status: 9 }).catch(() => undefined);
      await until("the order is cancelled", async () => (await ordersOf(pid, 9)) === 1);
      await waitsForRow(database);
      await mall.kill("order.rpc");
    });
    await asked;
    await mall.killAndRestart("product.rpc");
    await mall.start("order.rpc");
    await until("the piece is given back", async () => (await openReleases()) === 0);
    assert.equal(await stockOf(pid), 3);
  });

  it("leaves orders and stock that say the same", () =>
    assertVerifiedDatabases({ product: database, order: database, pay: database }));
});

/** Waits until a transaction of the mall waits for a row that the test holds. */
async function waitsForRow(database: Database): Promise<void> {
  const sql =
    "SELECT count(*) AS n FROM information_schema.processlist " +
    "WHERE db = DATABASE() AND lower(info) LIKE 'update `product`%'";
  await until(
    "somebody waits for the row",
    async () => Number((await database.read({ sql, parameters: [] }))[0]?.n) > 0,
  );
}
