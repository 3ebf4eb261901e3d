import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { forEachDatabase } from "@mall/kit/testing";
import type { ProductClient, UpdateRequest } from "../gen/product.ts";
import { openTestProducts } from "../test-products.ts";

const PRODUCT = { name: "apple", desc: "", stock: 6, amount: 500, status: 0 };

forEachDatabase("changes of a product", (databases) => {
  let products: ProductClient;
  let close: () => Promise<void>;
  before(async () => {
    ({ client: products, close } = await openTestProducts(databases));
  });
  after(() => close());

  const putUp = async (changes: object = {}): Promise<number> =>
    (await products.create(backgroundCall(), { ...PRODUCT, ...changes })).id;
  const read = (id: number) => products.detail(backgroundCall(), { id });
  const sell = (id: number) => products.decrStock(backgroundCall(), { id, num: 1 });
  /** How a change ended: "done", or with which reason and about what. */
  const end = async (request: UpdateRequest): Promise<string> => {
    try {
      await products.update(backgroundCall(), request);
      return "done";
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return `${error.reason} ${error.field ?? ""}`.trim();
    }
  };

  it("a stock that was read before three sales is not written back", async () => {
    const id = await putUp();
    for (let sale = 0; sale < 3; sale += 1) await sell(id);
    assert.equal(await end({ id, name: "pear", stock: 6, expectedStock: 6 }), "PRODUCT_CHANGED stock");
    assert.deepEqual(await read(id), { id, ...PRODUCT, stock: 3 });
    assert.equal(await end({ id, stock: 8, expectedStock: 3 }), "done");
    assert.equal((await read(id)).stock, 8);
  });

  it("sales, returns and deliveries at once add up", async () => {
    const id = await putUp({ stock: 20 });
    const sales = Array.from({ length: 20 }, () => sell(id));
    const returns = Array.from({ length: 5 }, () =>
      products.decrStockRevert(backgroundCall(), { id, num: 1 }),
    );
    const deliveries = Array.from({ length: 10 }, () => end({ id, stockChange: 3 }));
    const losses = Array.from({ length: 4 }, () => end({ id, stockChange: -1 }));
    const ends = await Promise.all([...deliveries, ...losses]);
    await Promise.all([...sales, ...returns]);
    const lost = ends.slice(10).filter((each) => each === "done").length;
    assert.deepEqual(new Set(ends.slice(0, 10)), new Set(["done"]));
    assert.equal((await read(id)).stock, 20 - 20 + 5 + 30 - lost);
  });

  it("of two forms that were read at once one is written, field by field", async () => {
    const cases = [
      [{ amount: 600, expectedAmount: 500 }, { amount: 400, expectedAmount: 500 }, "amount"],
      [{ status: 1, expectedStatus: 0 }, { amount: 1, expectedStatus: 0 }, "status"],
      [{ stock: 7, expectedStock: 6 }, { stock: 5, expectedStock: 6 }, "stock"],
      [{ name: "pear", expectedName: "apple" }, { name: "fig", expectedName: "apple" }, "name"],
      [{ desc: "sweet", expectedDesc: "" }, { desc: "sour", expectedDesc: "" }, "desc"],
    ] as const;
    for (const [first, second, field] of cases) {
      const id = await putUp();
      assert.equal(await end({ id, ...first }), "done");
      assert.equal(await end({ id, ...second }), `PRODUCT_CHANGED ${field}`);
      const written = Object.entries(first).filter(([name]) => !name.startsWith("expected"));
      assert.deepEqual(await read(id), { id, ...PRODUCT, ...Object.fromEntries(written) });
    }
    const id = await putUp();
    const racers = Array.from({ length: 10 }, (_, index) =>
      end({ id, amount: 501 + index, expectedAmount: 500 }),
    );
    const ends = await Promise.all(racers);
    assert.deepEqual(ends.toSorted(), [...Array.from({ length: 9 }, () => "PRODUCT_CHANGED amount"), "done"]);
    assert.equal((await read(id)).amount, 501 + ends.indexOf("done"));
  });

  it("stock cannot become less than nothing, and a stock beside its change means nothing", async () => {
    const id = await putUp();
    assert.equal(await end({ id, stockChange: -7 }), "STOCK_INSUFFICIENT");
    assert.equal(await end({ id, stockChange: 4294967290 }), "STOCK_OVERFLOW stockChange");
    assert.equal(await end({ id, stock: 1, stockChange: 1 }), "INVALID_FIELD stockChange");
    assert.deepEqual(await read(id), { id, ...PRODUCT });
  });

  it("a product that is being removed does not come back on sale", async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await putUp({ status: 1 });
      await Promise.all([products.remove(backgroundCall(), { id }), end({ id, status: 0 })]);
      assert.equal(await end({ id, status: 0 }), "PRODUCT_NOT_FOUND");
    }
  });

  it("a Go peer may write all it has read, as it always did", async () => {
    const id = await putUp();
    assert.equal(await end({ id, ...PRODUCT, stock: 5 }), "done");
    assert.equal((await read(id)).stock, 5);
  });
});
