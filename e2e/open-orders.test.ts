import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { backgroundCall } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { endOf, keyed, type OrderShop, openOrderShop } from "./support/order-shop.ts";
import { newMobile, PASSWORD } from "./support/people.ts";
import { PRICE } from "./support/shop.ts";

const OPEN_MAX = 3;

forEachDatabase("unpaid orders of a user who may have three, in two processes", (databases) => {
  let shop: OrderShop;
  before(async () => {
    const dataSource = await databases.createDataSource();
    const settings = { OpenOrdersMax: OPEN_MAX };
    shop = await openOrderShop(await databases.open({ dataSource }), dataSource, settings);
  });
  after(() => shop.stop());

  const endsOf = (pid: number, malls: readonly number[]) =>
    Promise.all(malls.map((mall) => endOf(shop.order(pid, mall))));
  const cancelAll = async (pid: number): Promise<void> => {
    const { order } = shop.mall(0);
    const { data } = await order.list(backgroundCall(), { uid: shop.uid, before: 0, limit: 500 });
    const open = data.filter((each) => each.pid === pid && each.status === 0);
    for (const { id } of open) await order.update(backgroundCall(), { id, status: 9 });
  };

  it("thirty at once are three, which hold three pieces, and the rest learn the rule", async () => {
    const pid = await shop.putUp(40);
    const ends = await endsOf(pid, new Array(30).fill(0));
    assert.equal(ends.filter((end) => end === "done").length, OPEN_MAX);
    assert.equal(ends.filter((end) => end === "OPEN_ORDERS_MAX").length, 30 - OPEN_MAX);
    await shop.assertPieces(pid, 40);
    assert.equal(await shop.stockOf(pid), 40 - OPEN_MAX);
    await assert.rejects(shop.order(pid, 1), { code: "FAILED_PRECONDITION", message: /3个/ });
    await cancelAll(pid);
  });

  it("thirty at two processes at once are three for each at most, and no more once they stand", async () => {
    const pid = await shop.putUp(40);
    const ends = await endsOf(
      pid,
      Array.from({ length: 30 }, (_, mall) => mall),
    );
    const done = ends.filter((end) => end === "done").length;
    assert.ok(done >= OPEN_MAX && done <= 2 * OPEN_MAX, `${done}`);
    assert.deepEqual(await endsOf(pid, [0, 1]), ["OPEN_ORDERS_MAX", "OPEN_ORDERS_MAX"]);
    await cancelAll(pid);
  });

  it("each that is cancelled or paid makes room for another; one with a known key is no other", async () => {
    const pid = await shop.putUp(10);
    const { order } = shop.mall(0);
    const request = { uid: shop.uid, pid, amount: PRICE, status: 0 };
    const first = await order.create(keyed(`first-${pid}`), request);
    const second = await shop.order(pid);
    await shop.order(pid);
    assert.deepEqual(await endsOf(pid, [0]), ["OPEN_ORDERS_MAX"]);
    assert.equal((await order.create(keyed(`first-${pid}`), request)).id, first.id);
    await order.update(backgroundCall(), { id: first.id, status: 9 });
    assert.deepEqual(await endsOf(pid, [1, 1]), ["done", "OPEN_ORDERS_MAX"]);
    await order.paid(backgroundCall(), { id: second });
    assert.deepEqual(await endsOf(pid, [1, 1]), ["done", "OPEN_ORDERS_MAX"]);
    await cancelAll(pid);
  });

  it("what a Go process left unpaid, and what others have open, leaves one free", async () => {
    const pid = await shop.putUp(10);
    await shop.writeAsGo(pid, OPEN_MAX);
    assert.deepEqual(await endsOf(pid, [0, 0, 0, 0]), ["done", "done", "done", "OPEN_ORDERS_MAX"]);
    const { order, user } = shop.mall(1);
    const account = { name: "other", gender: 1, mobile: newMobile(), password: PASSWORD };
    const { id: uid } = await user.register(backgroundCall(), account);
    assert.equal(await endOf(order.create(backgroundCall(), { uid, pid, amount: PRICE, status: 0 })), "done");
  });

  it("what is refused for another reason is told that reason, and takes no room", async () => {
    const { order } = shop.mall(0);
    const nothing = { uid: shop.uid, pid: 999_999, amount: PRICE, status: 0 };
    assert.equal(await endOf(order.create(backgroundCall(), nothing)), "PRODUCT_NOT_FOUND");
  });
});
