import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { OrderClient } from "../rpc/gen/order.ts";
import {
  call,
  endOf,
  type OrderProcess,
  type OrderWorld,
  openOrderWorld,
  PRICE,
} from "../rpc/test-order-world.ts";

const ROUNDS = 6;

forEachDatabase("a cancelled order whose payment comes late", (databases) => {
  describe("beside its product", () => testReopening(() => openOrderWorld(databases)));
  describe("whose product is apart", () => testReopening(() => openOrderWorld(databases, { apart: true })));
});

function testReopening(open: () => Promise<OrderWorld>): void {
  let world: OrderWorld;
  let other: OrderProcess;
  before(async () => {
    world = await open();
    other = await world.replica();
  });
  after(() => world.close());

  const orders = (process: number): OrderClient => (process % 2 === 0 ? world.client : other.client);
  const reopen = (id: number, process = 0, amount?: number) =>
    endOf(orders(process).reopen(call(), { id, amount }));
  const refunded = (id: number, process = 0) => endOf(orders(process).refunded(call(), { id }));

  it("is brought back ten times at once with one piece", async () => {
    const pid = await world.putUp(5);
    const id = await world.cancelled(pid);
    const ends = await Promise.all(Array.from({ length: 10 }, (_, process) => reopen(id, process)));
    assert.ok(ends.includes("done"));
    assert.ok(
      ends.every((end) => end === "done" || end === "ORDER_REOPENING"),
      ends.join(),
    );
    await world.assertPieces(pid, 5);
    assert.deepEqual([await world.statusOf(id), await world.stockOf(pid)], [1, 4]);
  });

  it("is not brought back without a piece, and can be once there is one again", async () => {
    const pid = await world.putUp(1);
    const id = await world.cancelled(pid);
    await world.quiet();
    const buyer = await world.order(pid);
    for (let time = 0; time < 2; time += 1) assert.equal(await reopen(id, time), "STOCK_INSUFFICIENT");
    assert.equal(await world.statusOf(id), 9);
    await orders(1).update(call(), { id: buyer, status: 9 });
    await world.quiet();
    assert.equal(await reopen(id), "done");
    await world.assertPieces(pid, 1);
    assert.equal(await world.statusOf(id), 1);
  });

  it("is brought back only by what it costs", async () => {
    const pid = await world.putUp(2);
    const id = await world.cancelled(pid);
    for (const amount of [PRICE - 1, PRICE + 1]) {
      assert.equal(await reopen(id, 1, amount), "ORDER_AMOUNT_MISMATCH");
    }
    assert.equal(await world.statusOf(id), 9);
    assert.equal(await reopen(id, 0, PRICE), "done");
    assert.equal(await reopen(id, 1, PRICE), "done", "said again");
    await world.assertPieces(pid, 2);
  });

  it("gives its piece back once when the money goes back, however often that is said", async () => {
    const pid = await world.putUp(1);
    const id = await world.cancelled(pid);
    assert.equal(await reopen(id), "done");
    for (let time = 0; time < 3; time += 1) assert.equal(await refunded(id, time), "done");
    await world.assertPieces(pid, 1);
    assert.deepEqual([await world.statusOf(id), await world.stockOf(pid)], [2, 1]);
    assert.equal(await reopen(id), "ORDER_REFUNDED");
  });

  it("ends refunded and without a piece where its money goes back while it is brought back", async () => {
    const pid = await world.putUp(3);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await world.cancelled(pid);
      await Promise.all([reopen(id, round), refunded(id, round + 1)]);
      await world.quiet();
      assert.equal(await refunded(id, round), "done");
      assert.equal(await world.statusOf(id), 2);
    }
    await world.assertPieces(pid, 3);
  });

  it("is brought back or removed where both come at once, and no piece is lost", async () => {
    const pid = await world.putUp(20);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await world.cancelled(pid);
      await Promise.all([reopen(id, round), endOf(orders(round + 1).remove(call(), { id }))]);
    }
    await world.assertPieces(pid, 20);
  });
}
