import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import { openTestProducts, type TestProducts } from "../test-products.ts";

const STOCK_MAX = 4294967295;

forEachDatabase("stock that staff change by difference", (databases) => {
  let products: TestProducts;
  before(async () => {
    products = await openTestProducts(databases);
  });
  after(() => products.close());

  const putUp = async (stock: number): Promise<number> =>
    (await products.client.create(backgroundCall(), { name: "n", desc: "", stock, amount: 1, status: 0 })).id;
  const stockOf = async (id: number): Promise<number> =>
    (await products.client.detail(backgroundCall(), { id })).stock;
  /** What a change came to: the stock, or why there was none. */
  const change = async (id: number, pieces: number, call = backgroundCall()): Promise<number | string> => {
    try {
      return (await products.client.stock(call, { id, change: pieces })).stock;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.reason;
    }
  };
  const sell = async (id: number): Promise<number> => {
    try {
      await products.client.decrStock(backgroundCall(), { id, num: 1 });
      return 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== "STOCK_INSUFFICIENT") throw error;
      return 0;
    }
  };

  it("comes and goes, and is never less than nothing nor more than its column holds", async () => {
    const id = await putUp(2);
    assert.deepEqual([await change(id, 5), await change(id, -7)], [7, 0]);
    assert.equal(await change(id, -1), "STOCK_INSUFFICIENT");
    assert.equal(await change(id, 0), 0);
    assert.equal(await change(id, STOCK_MAX), STOCK_MAX);
    assert.equal(await change(id, 1), "STOCK_OVERFLOW");
    assert.equal(await stockOf(id), STOCK_MAX);
  });

  it("changes of products that are off shelf, not of those that are gone", async () => {
    const id = await putUp(0);
    await products.client.update(backgroundCall(), { id, status: 1 });
    assert.equal(await change(id, 3), 3);
    await products.client.remove(backgroundCall(), { id });
    assert.deepEqual(
      [await change(id, 1), await change(999_999, 1)],
      ["PRODUCT_NOT_FOUND", "PRODUCT_NOT_FOUND"],
    );
  });

  it("is changed once for a key, however often it is sent", async () => {
    const id = await putUp(1);
    const keyed = (): Call =>
      new Call({ attachments: { idempotency: { key: `stock ${id}`, owner: "user:7" } } });
    const ends = await Promise.all([change(id, 4, keyed()), change(id, 4, keyed())]);
    assert.deepEqual([...ends, await stockOf(id)], [5, 5, 5]);
    assert.equal(await change(id, 5, keyed()), "IDEMPOTENCY_KEY_REUSED");
  });

  it("adds up with sales at the same time, none of which is lost or sold twice", async () => {
    const id = await putUp(10);
    const sales = Array.from({ length: 30 }, () => sell(id));
    const losses = Array.from({ length: 6 }, () => change(id, -2));
    const deliveries = Array.from({ length: 5 }, () => change(id, 3));
    const sold = (await Promise.all(sales)).reduce((sum, one) => sum + one, 0);
    const lost = (await Promise.all(losses)).filter((end) => end !== "STOCK_INSUFFICIENT");
    const delivered = await Promise.all(deliveries);
    assert.ok(
      [...lost, ...delivered].every((end) => typeof end === "number"),
      `${[...lost, ...delivered]}`,
    );
    assert.equal(await stockOf(id), 10 + 15 - 2 * lost.length - sold);
  });
});
