import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openRedisClient, type RedisClient } from "@mall/kit/cache";
import { checkConfig, redisKeyConfig } from "@mall/kit/config";
import { startRedis, type TestRedis, until, whyNoRedis } from "@mall/kit/testing";
import { startTestMall, type TestMall } from "./support/mall.ts";
import { gatewayUrls, newCustomer, type Person, personOfRole, personWithToken } from "./support/people.ts";
import { SERVICE_NAMES } from "./support/process-names.ts";
import { reasonOf } from "./support/refusals.ts";
import { openPay, orderOne, putUp, success } from "./support/shop.ts";
import { assertVerified } from "./support/verified.ts";

const UNPAID = 0;
const CANCELLED = 9;
/** What is asked of Redis about rows names keys that begin so. */
const ROWS = /^cache:(user|product|order|pay):/;

type RowCache = "read" | "clear" | "unused" | undefined;

describe("RowCache of malls on one database and one Redis", { skip: whyNoRedis() ?? false }, () => {
  let redis: TestRedis;
  let folder: string;
  let dataSource: string;
  let customer: Person;
  let client: RedisClient;
  let stopWatching: () => void;
  let words: string[] = [];

  before(async () => {
    redis = await startRedis();
    client = await openRedisClient(checkConfig("(test)", { Host: redis.host, Key: "none" }, redisKeyConfig));
    assert.ok("monitor" in client);
    const monitor = await client.monitor();
    monitor.on("monitor", (_time: string, sent: string[]) => words.push(...sent.slice(1)));
    stopWatching = () => monitor.disconnect();
    await until("Redis is there", async () => client.status === "ready");
    folder = mkdtempSync(join(tmpdir(), "mall-row-cache-"));
    dataSource = `sqlite:${join(folder, "mall.db")}`;
    await withMall(undefined, async (mall) => {
      customer = await newCustomer(gatewayUrls(mall.url));
    });
  });
  after(async () => {
    stopWatching();
    client.disconnect();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startMall = (rowCache: RowCache): Promise<TestMall> =>
    // undefined: the placement's own default, as of a file that does not name the key.
    startTestMall({ dataSource, cacheRedis: redis.host, blocks: { RowCache: rowCache } });

  async function withMall(rowCache: RowCache, work: (mall: TestMall) => Promise<void>): Promise<void> {
    const mall = await startMall(rowCache);
    try {
      await work(mall);
    } finally {
      await mall.stop();
    }
  }

  const at = (mall: TestMall): Person => personWithToken(gatewayUrls(mall.url), customer.uid, customer.token);
  const staffAt = (mall: TestMall): Person => personOfRole(gatewayUrls(mall.url), "staff");
  const statusAt = async (mall: TestMall, id: number): Promise<number> =>
    (await at(mall).order.detail({ id })).status;

  /** The words of the commands that Redis is sent while work is done, scripts' keys among them. */
  async function wordsOf(work: () => Promise<void>): Promise<string[]> {
    words = [];
    await work();
    // What was sent before this is seen before it.
    await client.get("the end");
    await until("all that was sent is seen", async () => words.includes("the end"));
    return words;
  }

  /** A purchase with looks at it in between, and a wrong password. */
  async function shop(mall: TestMall): Promise<void> {
    const pid = await putUp(staffAt(mall), 1);
    const buyer = await newCustomer(gatewayUrls(mall.url));
    const oid = await orderOne(buyer, pid);
    const id = await openPay(buyer, oid);
    await personOfRole(gatewayUrls(mall.url), "gateway").pay.callback(success({ id, uid: buyer.uid, oid }));
    assert.equal((await buyer.order.detail({ id: oid })).status, 1);
    assert.equal((await buyer.pay.detail({ id })).status, 1);
    await buyer.product.detail({ id: pid });
    await buyer.user.userInfo();
  }

  /** A mall is connected once it counts in Redis. */
  async function untilConnected(mall: TestMall): Promise<void> {
    await until("the mall counts in Redis", async () => {
      const named = await wordsOf(async () => {
        await newCustomer(gatewayUrls(mall.url));
      });
      return named.some((key) => key.startsWith("mall:attempts:"));
    });
  }

  it("by default sends Redis no word about rows, and counts attempts there all the same", async () => {
    await withMall(undefined, async (mall) => {
      await untilConnected(mall);
      const named = await wordsOf(() => shop(mall));
      assert.deepEqual(
        named.filter((key) => ROWS.test(key)),
        [],
      );
      assert.ok(named.some((key) => key.startsWith("mall:attempts:")));
    });
  });

  it("'read' keeps the rows of a purchase there, 'clear' only removes them", async () => {
    await withMall("read", async (mall) => {
      await untilConnected(mall);
      const named = await wordsOf(() => shop(mall));
      for (const service of SERVICE_NAMES) {
        assert.ok(
          named.some((key) => key.startsWith(`cache:${service}:id:`)),
          service,
        );
      }
    });
    await withMall("clear", async (mall) => {
      await untilConnected(mall);
      const before = new Set(await client.keys("cache:*"));
      const named = await wordsOf(() => shop(mall));
      assert.ok(named.some((key) => ROWS.test(key)));
      const entries = (await client.keys("cache:*")).filter((key) => ROWS.test(key) && !before.has(key));
      assert.deepEqual(entries, []);
    });
  });

  it("a mall that reads rows hears of changes by one that clears them, at once", async () => {
    await withMall("read", (reader) =>
      withMall("clear", async (other) => {
        const oid = await readOrder(reader, other);
        await at(other).order.update({ id: oid, status: CANCELLED });
        assert.equal(await statusAt(reader, oid), CANCELLED);
      }),
    );
  });

  it("it does not by one that leaves Redis unused, but decides by the row; the next reader sees all of it", async () => {
    let oid = 0;
    await withMall("read", (reader) =>
      withMall("unused", async (other) => {
        oid = await readOrder(reader, other);
        await at(other).order.update({ id: oid, status: CANCELLED });
        assert.equal(await statusAt(other, oid), CANCELLED);
        assert.equal(await statusAt(reader, oid), UNPAID, "what the documents warn of");
        assert.equal(await reasonOf(openPay(at(reader), oid)), "ORDER_CANCELLED");
      }),
    );
    await withMall("read", async (reader) => {
      // Until Redis has been looked at the database is asked, so that every answer of the new one is right.
      for (let asked = 0; asked < 50; asked += 1) assert.equal(await statusAt(reader, oid), CANCELLED);
    });
  });

  it("leaves payments, orders and stock that say the same", () => assertVerified(dataSource));

  /** An order whose entry answers a reader's questions, which the other mall knows as well. */
  async function readOrder(reader: TestMall, other: TestMall): Promise<number> {
    await untilConnected(reader);
    await untilConnected(other);
    const oid = await orderOne(at(reader), await putUp(staffAt(reader), 1));
    await until("the order's entry answers", async () => {
      const named = await wordsOf(async () => {
        await statusAt(reader, oid);
      });
      return named.includes(`cache:order:id:${oid}`) && !named.some((word) => word.includes("cache-lease"));
    });
    return oid;
  }
});
