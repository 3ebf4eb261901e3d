import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { backgroundCall, Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { openTestProducts, type TestProducts } from "./test-products.ts";

const PRODUCT = { name: "apple", desc: "", stock: 6, amount: 500, status: 0 };
const ACTOR = { who: "user:7", role: ROLE.admin, address: "203.0.113.9" };

forEachDatabase("what staff do about products is written down", (databases) => {
  let products: TestProducts;
  before(async () => {
    products = await openTestProducts(databases);
  });
  after(() => products.close());

  const staff = (key?: string): Call => {
    const idempotency = key === undefined ? undefined : { key, owner: "user:7" };
    return new Call({ attachments: { actor: ACTOR, idempotency } });
  };
  /** The acts about a product, the oldest first: what and how. */
  const told = async (id: number): Promise<unknown[]> => {
    const acts = await listActs(products.database, { subject: `product/${id}`, limit: 10 });
    const facts = acts.map(({ service, who, address, operation, stateBefore, stateAfter }) => {
      assert.deepEqual([service, who, address], ["product", ACTOR.who, ACTOR.address]);
      return [operation, JSON.parse(stateBefore ?? "null"), JSON.parse(stateAfter ?? "null")];
    });
    return facts.toReversed();
  };

  it("from its first price and stock to its end, each act once", async () => {
    const { client } = products;
    for (const key of [undefined, "all of it"]) {
      const named = (act: string) => staff(key && `${key} ${act}`);
      const { id } = await client.create(named("create"), PRODUCT);
      const change = { id, amount: 400, stockChange: 3 };
      const shelf = { id, status: 1, name: "apple" };
      await client.update(named("update"), change);
      await client.update(named("shelf"), shelf);
      await client.stock(named("stock"), { id, change: -2 });
      await client.remove(named("remove"), { id });
      if (key !== undefined) {
        assert.deepEqual(await client.create(named("create"), PRODUCT), { id });
        await client.update(named("update"), change);
        await client.update(named("shelf"), shelf);
        await client.stock(named("stock"), { id, change: -2 });
        await client.remove(named("remove"), { id });
      }
      assert.deepEqual(await told(id), [
        ["/product.Product/Create", null, PRODUCT],
        ["/product.Product/Update", { stock: 6, amount: 500 }, { stock: 9, amount: 400 }],
        ["/product.Product/Update", { status: 0 }, { status: 1 }],
        ["/product.Product/Stock", { stock: 9 }, { stock: 7 }],
        ["/product.Product/Remove", { status: 1 }, { status: 2 }],
      ]);
    }
  });

  it("nothing that is refused or changes nothing, nor what orders take and give back", async () => {
    const { client } = products;
    const { id } = await client.create(backgroundCall(), PRODUCT);
    await client.update(staff(), { id, amount: 500 });
    await assert.rejects(client.update(staff(), { id, amount: 1, expectedAmount: 2 }), {
      reason: "PRODUCT_CHANGED",
    });
    await client.decrStock(staff(), { id, num: 2 });
    await client.decrStockRevert(staff(), { id, num: 1 });
    assert.deepEqual(await told(id), []);
  });
});
