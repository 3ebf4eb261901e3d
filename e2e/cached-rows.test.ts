import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openRedisClient, type RedisClient } from "@mall/kit/cache";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import {
  forEachDatabase,
  startRedis,
  type TestDatabases,
  type TestRedis,
  whyNoRedis,
} from "@mall/kit/testing";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole } from "./support/people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

const WAIT_MS = 10;
const WAITS_MAX = 1000;
const PAID = 1;
const CANCELLED = 9;
const CLOSED = 2;

/** A row in Redis says anything at all: a lagging replica, a restored copy, a writer that died. */
forEachDatabase("rows in Redis that are wrong", (databases) => {
  describe("on a real Redis", { skip: whyNoRedis() ?? false }, () => defineTests(databases));
});

function defineTests(databases: TestDatabases): void {
  let redis: TestRedis;
  let client: RedisClient;
  let mall: TestMall;
  let admin: Person;
  let customer: Person;
  let gateway: Person;

  before(async () => {
    redis = await startRedis();
    client = await openRedisClient(checkConfig("(test)", { Host: redis.host, Key: "none" }, redisKeyConfig));
    mall = await startTestMall({
      dataSource: await databases.createDataSource(),
      cacheRedis: redis.host,
    });
    const urls = gatewayUrls(mall.url);
    admin = await newCustomer(urls);
    customer = await newCustomer(urls);
    gateway = personOfRole(urls, "gateway");
  });
  after(async () => {
    await mall.stop();
    client.disconnect();
    await redis.stop();
  });

  /** Puts other values into a row's entry once it is there, and sees to it that questions are answered by it. */
  async function poison(
    key: string,
    ask: () => Promise<object>,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const [[name, value] = ["", undefined]] = Object.entries(changes);
    for (let waits = 0; waits < WAITS_MAX; waits += 1) {
      const told = await ask();
      if (Reflect.get(told, name.toLowerCase()) === value) return;
      const text = await client.get(key);
      if (text?.startsWith("{")) {
        await client.set(key, JSON.stringify({ ...(JSON.parse(text) as object), ...changes }));
      }
      await sleep(WAIT_MS);
    }
    assert.fail(`${key} never answered a question`);
  }
  const poisonOrder = (id: number, changes: object): Promise<void> =>
    poison(`cache:order:id:${id}`, () => customer.order.detail({ id }), { ...changes });
  const poisonPay = (id: number, changes: object): Promise<void> =>
    poison(`cache:pay:id:${id}`, () => customer.pay.detail({ id }), { ...changes });
  const poisonProduct = (id: number, changes: object): Promise<void> =>
    poison(`cache:product:id:${id}`, () => customer.product.detail({ id }), { ...changes });

  it("decide neither what is ordered, nor what it costs, nor whether it is paid", async () => {
    const pid = await putUp(admin, 2);
    await poisonProduct(pid, { Amount: 1, Stock: 0, Status: 1 });
    const oid = await orderOne(customer, pid);
    await poisonOrder(oid, { Status: CANCELLED, Amount: 1, Uid: customer.uid });
    const id = await openPay(customer, oid);
    await poisonOrder(oid, { Status: CANCELLED, Amount: 1 });
    await poisonPay(id, { Status: CLOSED, Amount: 1 });
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    const [pay] = await customer.pay.list({ uid: customer.uid });
    const [order] = await customer.order.list({ uid: customer.uid });
    assert.deepEqual([pay?.status, pay?.amount, order?.status], [PAID, PRICE, PAID]);
  });

  it("decide neither whether an order may be cancelled, nor what of its money may go back", async () => {
    const pid = await putUp(admin, 1);
    const oid = await orderOne(customer, pid);
    const id = await openPay(customer, oid);
    await gateway.pay.callback(success({ id, uid: customer.uid, oid }));
    await poisonOrder(oid, { Status: 0 });
    await assert.rejects(customer.order.update({ id: oid, status: CANCELLED }));
    await poisonPay(id, { Status: 0 });
    await admin.pay.refund({ id, refundNo: `poisoned-${id}`, amount: PRICE });
    const [pay] = await customer.pay.list({ uid: customer.uid });
    assert.equal(pay?.status, PAID, "what came without a channel goes back by hand");
    assert.equal((await admin.pay.refundDetail({ refundNo: `poisoned-${id}` })).amount, PRICE);
  });

  it("leave payments, orders and stock that say the same", () => assertVerified(mall.dataSource));
}
