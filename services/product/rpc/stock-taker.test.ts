import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { type BranchInfo, backgroundCall } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import { callBranch } from "@mall/kit/saga";
import { forEachDatabase } from "@mall/kit/testing";
import type { ProductClient } from "./gen/product.ts";
import { openTestProducts } from "./test-products.ts";

const ACTION: BranchInfo = { gid: "", transType: "saga", branchId: "01", op: "action" };
const COMPENSATE: BranchInfo = { ...ACTION, op: "compensate" };

forEachDatabase("stock as a branch of a saga", (databases) => {
  let products: ProductClient;
  let close: () => Promise<void>;
  before(async () => {
    ({ client: products, close } = await openTestProducts(databases));
  });
  after(() => close());

  const putUp = async (stock: number): Promise<number> =>
    (await products.create(backgroundCall(), { name: "n", desc: "d", stock, amount: 1, status: 0 })).id;
  const stockOf = async (id: number): Promise<number> =>
    (await products.detail(backgroundCall(), { id })).stock;
  const take = (branch: BranchInfo, id: number) =>
    callBranch(backgroundCall(), branch, (call) => products.decrStock(call, { id, num: 1 }));
  const giveBack = (branch: BranchInfo, id: number) =>
    callBranch(backgroundCall(), branch, (call) => products.decrStockRevert(call, { id, num: 1 }));

  it("is taken once and given back once, however often a coordinator asks", async () => {
    const id = await putUp(2);
    for (let time = 0; time < 3; time += 1) await take({ ...ACTION, gid: "repeated" }, id);
    assert.equal(await stockOf(id), 1);
    for (let time = 0; time < 3; time += 1) await giveBack({ ...COMPENSATE, gid: "repeated" }, id);
    assert.equal(await stockOf(id), 2);
  });

  it("is taken once by twenty that ask at the same time", async () => {
    const id = await putUp(20);
    await Promise.all(Array.from({ length: 20 }, () => take({ ...ACTION, gid: "twins" }, id)));
    assert.equal(await stockOf(id), 19);
  });

  it("is sold to the last piece and no further to those who ask at the same time", async () => {
    const id = await putUp(7);
    const asked = Array.from({ length: 30 }, (_, index) => take({ ...ACTION, gid: `crowd-${index}` }, id));
    const ends = await Promise.allSettled(asked);
    assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 7);
    const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.reason] : []));
    assert.deepEqual([...new Set(reasons)], ["STOCK_INSUFFICIENT"]);
    assert.equal(await stockOf(id), 0);
  });

  it("is refused to a branch without a name, and to nobody who asks at the same time", async () => {
    const id = await putUp(5);
    const gids = ["beside-1", "", "beside-2"];
    const ends = await Promise.allSettled(gids.map((gid) => take({ ...ACTION, gid, branchId: "07" }, id)));
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal(await stockOf(id), 3);
  });

  it("is not given back where none was taken, and not taken after that", async () => {
    const id = await putUp(1);
    await giveBack({ ...COMPENSATE, gid: "hanging" }, id);
    await take({ ...ACTION, gid: "hanging" }, id);
    assert.equal(await stockOf(id), 1);
  });

  it("is refused with ABORTED, leaves no trace then, and may be asked for again", async () => {
    const id = await putUp(0);
    const branch = { ...ACTION, gid: "refused" };
    const refused = async (reason: string): Promise<void> => {
      await assert.rejects(take(branch, id), (error) => {
        assert.ok(error instanceof AppError);
        assert.deepEqual([error.code, error.reason], ["ABORTED", reason]);
        return true;
      });
    };
    await refused("STOCK_INSUFFICIENT");
    await products.update(backgroundCall(), { id, status: 1 });
    await refused("PRODUCT_OFF_SHELF");
    await products.update(backgroundCall(), { id, status: 0, stock: 1 });
    await take(branch, id);
    assert.equal(await stockOf(id), 0);
  });

  it("comes back to a product that was removed", async () => {
    const id = await putUp(1);
    await take({ ...ACTION, gid: "removed" }, id);
    await products.remove(backgroundCall(), { id });
    await giveBack({ ...COMPENSATE, gid: "removed" }, id);
  });

  it("is taken as often as it is asked for where nobody names a branch", async () => {
    const id = await putUp(2);
    for (let time = 0; time < 2; time += 1) await products.decrStock(backgroundCall(), { id, num: 1 });
    assert.equal(await stockOf(id), 0);
  });
});
