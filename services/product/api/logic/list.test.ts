import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { backgroundCall } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { openTestProducts, type TestProducts } from "../../rpc/test-products.ts";
import { list } from "./list.ts";

forEachDatabase("products to look at", (databases) => {
  let products: TestProducts;
  before(async () => {
    products = await openTestProducts(databases);
    for (const [name, status] of [
      ["Apple", 0],
      ["apple pie", 1],
      ["Pear", 0],
    ] as const) {
      await products.client.create(backgroundCall(), { name, desc: "", stock: 1, amount: 1, status });
    }
  });
  after(() => products.close());

  const names = async (role: number, request: object): Promise<string[]> => {
    const { products: found } = await list(
      { productRpc: products.client },
      backgroundCall({ uid: 7, role }),
      request,
    );
    return found.map(({ name }) => name);
  };

  it("are what is on sale, and for staff the rest too", async () => {
    assert.deepEqual(await names(ROLE.customer, {}), ["Pear", "Apple"]);
    assert.deepEqual(await names(ROLE.customer, { name: "a", status: 0 }), ["Apple"]);
    assert.deepEqual(await names(ROLE.staff, { name: "a" }), ["apple pie", "Apple"]);
    assert.deepEqual(await names(ROLE.admin, { status: 1 }), ["apple pie"]);
    for (const role of [ROLE.customer, ROLE.gateway]) {
      await assert.rejects(names(role, { status: 1 }), { reason: "ROLE_REQUIRED", field: "status" });
    }
    await assert.rejects(list({ productRpc: products.client }, backgroundCall(), {}), {
      code: "UNAUTHENTICATED",
    });
  });
});
