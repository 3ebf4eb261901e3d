import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { dtmConfig, rpcClientConfig } from "@mall/kit/config";
import { connectRpcClient } from "@mall/kit/rpc";
import { systemRuntime } from "@mall/kit/runtime";
import { branchTarget, type Dtm, openDtm } from "@mall/kit/saga";
import { openDatabase } from "@mall/kit/store";
import { buildDtm, createTestFolder, freePort, startDtm, type TestDtm, until } from "@mall/kit/testing";
import { OrderService } from "@mall/order/rpc";
import { ProductService } from "@mall/product/rpc";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { startSplitMall } from "./support/split.ts";
import { assertVerified } from "./support/verified.ts";

const program = await buildDtm();

/** A job of a killed process waits 15 s for its next; the rest is for a machine that is busy. */
const DRIVEN_MS_MAX = 60_000;

describe("a mall and a DTM server", {
  skip: typeof program === "string" ? false : program.skipped,
  timeout: 120_000,
}, () => {
  let server: TestDtm;
  let mall: TestMall;
  let admin: Person;
  let customer: Person;
  let gateway: Person;
  let dtm: Dtm;
  const closers: (() => void)[] = [];

  before(async () => {
    if (typeof program !== "string") return;
    server = await startDtm(program);
    const block = { Endpoints: [server.address], RetryInterval: "1s", RequestTimeout: "2s" };
    mall = await startTestMall({
      blocks: {
        Dtm: block,
        Product: { Rpc: await freePort() },
        Order: { Rpc: await freePort(), OrderExpire: "4s" },
        Pay: { Rpc: await freePort() },
      },
    });
    const urls = gatewayUrls(mall.url);
    admin = await newCustomer(urls);
    customer = await newCustomer(urls);
    gateway = personOfRole(urls, "gateway");
    const outside: Parameters<typeof openDtm>[0]["outside"] = (definition, { Endpoints }) => {
      const connection = connectRpcClient({
        definition,
        endpoints: Endpoints,
        timeoutMs: 5_000,
        runtime: systemRuntime,
      });
      closers.push(() => connection.close());
      return connection.client;
    };
    dtm = openDtm({ outside }, dtmConfig.parse(block)) ?? assert.fail("no DTM");
  });

  after(async () => {
    for (const close of closers) close();
    await mall?.stop();
    await server?.stop();
  });

  const stockOf = async (pid: number): Promise<number> => (await customer.product.detail({ id: pid })).stock;

  const statusOf = async (oid: number): Promise<number> => (await customer.order.detail({ id: oid })).status;

  it("sell together: an order takes its piece by a saga that DTM drives, and is paid", async () => {
    const pid = await putUp(admin, 2);
    const oid = await orderOne(customer, pid);
    assert.equal(await stockOf(pid), 1);
    const id = await openPay(customer, oid);
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    assert.equal(await statusOf(oid), 1);
    const told = (await server.succeeded()).filter((gid) => gid.startsWith(`pay-${id}-`));
    assert.equal(told.length, 1, "a two-phase message told the order");
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
  });

  it("sell each of ten pieces once to thirty who want one, and tell the others why", async () => {
    const pid = await putUp(admin, 10);
    const orders = await Promise.allSettled(Array.from({ length: 30 }, () => orderOne(customer, pid)));
    const refused = orders.filter(({ status }) => status === "rejected");
    assert.equal(refused.length, 20);
    for (const { reason } of refused as PromiseRejectedResult[]) {
      assert.equal(reason.reason, "STOCK_INSUFFICIENT");
    }
    assert.equal(await stockOf(pid), 0);
  });

  it("cancel an order at its end, when DTM says that it has come", async () => {
    const pid = await putUp(admin, 1);
    const oid = await orderOne(customer, pid);
    const endpoints = [mall.address("order.rpc")];
    const orders = connectRpcClient({
      definition: OrderService,
      endpoints,
      timeoutMs: 2_000,
      runtime: systemRuntime,
    });
    const { expireTime } = await orders.client.detail(backgroundCall(), { id: oid });
    orders.close();
    const gid = `order-${oid}-expire-${expireTime * 1000}`;
    await until("the saga has succeeded", async () => (await server.statusOf(gid)) === "succeed", {
      withinMs: DRIVEN_MS_MAX,
    });
    assert.equal(await statusOf(oid), 9);
    await until("the piece is back", async () => (await stockOf(pid)) === 1, { withinMs: DRIVEN_MS_MAX });
  });

  /** What the order api of go-zero-mall's branch `dtm` submits (createlogic.go). */
  const submitAsGo = (gid: string, pid: number, amount = PRICE) => {
    const place = <Client>(
      service: Parameters<typeof branchTarget<Client, never>>[1]["service"],
      name: string,
    ) => ({
      service,
      config: rpcClientConfig.parse({ Endpoints: [mall.address(name)] }),
      origin: name,
    });
    const order = place(OrderService, "order.rpc");
    const product = place(ProductService, "product.rpc");
    const steps = [
      {
        action: branchTarget("create", order),
        compensate: branchTarget("createRevert", order),
        request: { uid: customer.uid, pid, amount, status: 0 },
      },
      {
        action: branchTarget("decrStock", product),
        compensate: branchTarget("decrStockRevert", product),
        request: { id: pid, num: 1 },
      },
    ];
    return dtm.driveSaga(new Call({ deadline: Date.now() + DRIVEN_MS_MAX }), { gid, steps });
  };

  const ordersOf = async (pid: number): Promise<number[]> => {
    const orders = await customer.order.list({ uid: customer.uid });
    return orders.filter((order) => order.pid === pid).map((order) => order.status);
  };

  it("let the order api of go-zero-mall's branch dtm create orders", async () => {
    const pid = await putUp(admin, 1);
    assert.deepEqual(await submitAsGo(randomUUID(), pid), { state: "succeeded" });
    assert.deepEqual([await ordersOf(pid), await stockOf(pid)], [[0], 0]);
  });

  it("take its order back where there is no piece, and write none where the order is refused", async () => {
    const pid = await putUp(admin, 0);
    assert.deepEqual(await submitAsGo(randomUUID(), pid), { state: "failed", reason: "产品库存不足" });
    assert.deepEqual([await ordersOf(pid), await stockOf(pid)], [[9], 0]);
    const dear = await putUp(admin, 1);
    const refused = await submitAsGo(randomUUID(), dear, PRICE + 1);
    assert.equal(refused.state, "failed");
    assert.deepEqual([await ordersOf(dear), await stockOf(dear)], [[], 1]);
  });

  it("refuse to start where DTM could not find it", async () => {
    const blocks = { Dtm: { Endpoints: [server.address] } };
    await assert.rejects(startTestMall({ blocks }), {
      reason: "CONFIG_UNUSABLE",
      field: "Product.Rpc",
    });
  });

  it("leave payments, orders and stock that say the same", () => assertVerified(mall.dataSource));
});

describe("a split mall and a DTM server", {
  skip: typeof program === "string" ? false : program.skipped,
  timeout: 180_000,
}, () => {
  it("keep orders and pieces together while product and order are killed", async (t) => {
    if (typeof program !== "string") return;
    const server = await startDtm(program);
    t.after(() => server.stop());
    const dataSource = `sqlite:${createTestFolder()}/mall.db`;
    const Dtm = { Endpoints: [server.address], RetryInterval: "1s", RequestTimeout: "1s" };
    const blocks = (name: string): object => (name === "order.rpc" ? { Dtm } : {});
    const mall = await startSplitMall({ dataSource, blocks });
    t.after(() => mall.stop());
    const admin = personOfRole(mall.urls, "admin");
    const customer = await newCustomer(mall.urls);
    const stock = 10_000;
    const pid = await putUp(admin, stock);
    await orderOne(customer, pid);
    let going = true;
    const load = (async () => {
      while (going) await Promise.allSettled(Array.from({ length: 8 }, () => orderOne(customer, pid)));
    })();
    await mall.killAndRestart("product.rpc");
    await mall.killAndRestart("order.rpc");
    going = false;
    await load;
    const database = await openDatabase({ dataSource, runtime: systemRuntime });
    t.after(() => database.close());
    const number = async (sql: string): Promise<number> =>
      Number(Object.values((await database.read({ sql, parameters: [] }))[0] ?? {})[0]);
    await until(
      "all sagas have ended",
      async () => (await number("SELECT COUNT(*) FROM saga WHERE state < 2")) === 0,
      { withinMs: DRIVEN_MS_MAX },
    );
    const made = await number('SELECT COUNT(*) FROM "order"');
    assert.equal((await number(`SELECT stock FROM product WHERE id = ${pid}`)) + made, stock);
    assert.ok(made > 0);
    await assertVerified(dataSource, { initial: new Map([[pid, stock]]) });
  });
});
