import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { listActs } from "@mall/kit/audit";
import { forEachDatabase, until } from "@mall/kit/testing";
import { createOrderParticipant } from "../rpc/order-participant.ts";
import {
  ACTOR,
  byStaff,
  call,
  endOf,
  keyed,
  type OrderWorld,
  openOrderWorld,
  PRICE,
} from "../rpc/test-order-world.ts";

const ROUNDS = 6;

forEachDatabase("an order that is changed, cancelled or paid", (databases) => {
  let world: OrderWorld;
  before(async () => {
    world = await openOrderWorld(databases, { apart: true });
  });
  after(() => world.close());

  const update = (id: number, changes: object) => endOf(world.client.update(call(), { id, ...changes }));
  const pay = (id: number, amount?: number) => endOf(world.client.paid(call(), { id, amount }));

  it("is paid by what it costs in that moment alone, and once is as good as often", async () => {
    const pid = await world.putUp(3);
    const id = await world.order(pid);
    assert.equal(await pay(id, PRICE - 1), "ORDER_AMOUNT_MISMATCH");
    assert.deepEqual([await pay(id, PRICE), await pay(id, PRICE), await pay(id)], ["done", "done", "done"]);
    assert.equal(await pay(await world.order(pid)), "done", "a Go peer names no amount");
    assert.equal(await pay(999_999), "ORDER_NOT_FOUND");
    const cancelled = await world.cancelled(pid);
    assert.equal(await pay(cancelled), "ORDER_CANCELLED");
    await world.client.refunded(call(), { id });
    assert.equal(await pay(id), "ORDER_REFUNDED");
  });

  it("is paid or gets its new price where both come at once", async () => {
    const pid = await world.putUp(ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await world.order(pid);
      const [changed, paid] = await Promise.all([
        update(id, { amount: PRICE + 1, expectedAmount: PRICE }),
        pay(id, PRICE),
      ]);
      assert.ok(changed !== "done" || paid === "ORDER_AMOUNT_MISMATCH", `${changed}, ${paid}`);
      assert.equal(await world.statusOf(id), paid === "done" ? 1 : 0);
    }
    await world.assertPieces(pid, ROUNDS);
  });

  it("is paid or cancelled where both come at once, and keeps or loses its piece with that", async () => {
    const pid = await world.putUp(ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await world.order(pid);
      const [cancelled, paid] = await Promise.all([update(id, { status: 9 }), pay(id, PRICE)]);
      const status = await world.statusOf(id);
      assert.ok(status === 1 || status === 9, `${status}`);
      assert.equal(paid, status === 1 ? "done" : "ORDER_CANCELLED");
      assert.equal(cancelled, status === 9 ? "done" : "ORDER_STATE_CONFLICT");
    }
    await world.assertPieces(pid, ROUNDS);
  });

  it("in the transaction of its money is paid exactly if that commits", async () => {
    const id = await world.order(await world.putUp(1));
    const orders = createOrderParticipant(world.context);
    const payIn = (amount: number, work: () => void = () => {}) =>
      world.database.transaction(async (tx) => {
        const isPaid = await orders.pay(tx, { id, amount });
        work();
        return isPaid;
      });
    const lost = () => {
      throw new Error("the money was not written down");
    };
    await assert.rejects(payIn(PRICE, lost), /not written down/);
    assert.equal(await world.statusOf(id), 0);
    assert.deepEqual([await payIn(PRICE - 1), await payIn(PRICE), await payIn(PRICE)], [false, true, false]);
    assert.equal(await world.statusOf(id), 1);
  });

  it("keeps who ordered what, and takes no change that was made for another one", async () => {
    const pid = await world.putUp(2);
    const id = await world.order(pid);
    assert.equal(await update(id, { uid: 999_999 }), "ORDER_FIXED");
    assert.equal(await update(id, { pid: pid + 1 }), "ORDER_FIXED");
    assert.equal(await update(id, { amount: 1, expectedAmount: PRICE - 1 }), "ORDER_CHANGED");
    assert.equal(await update(id, { status: 1 }), "ORDER_STATE_CONFLICT");
    assert.equal(await update(999_999, { status: 9 }), "ORDER_NOT_FOUND");
    assert.equal(await update(id, { amount: PRICE - 1 }), "done");
    assert.equal(await pay(id, PRICE - 1), "done");
    for (const changes of [{ status: 9 }, { amount: PRICE }]) {
      assert.equal(await update(id, changes), "ORDER_STATE_CONFLICT");
    }
    assert.equal(await endOf(world.client.remove(call(), { id })), "ORDER_STATE_CONFLICT");
  });

  for (const loss of ["request", "answer"] as const) {
    it(`gives its piece back once where the ${loss} about it was lost twice`, async () => {
      const pid = await world.putUp(2);
      const id = await world.order(pid);
      world.lose(loss, loss);
      assert.equal(await update(id, { status: 9 }), "done");
      await until("the piece is back", async () => {
        world.runtime.shift(1_000);
        return (await world.stockOf(pid)) === 2;
      });
      await world.assertPieces(pid, 2);
    });
  }

  it("is cancelled and removed once under one key each, and its piece is back when that is answered", async () => {
    const pid = await world.putUp(1);
    const id = await world.order(pid);
    const { client } = await world.replica();
    for (const each of [world.client, client, world.client]) {
      await each.update(keyed(`cancel-${id}`), { id, status: 9 });
      assert.equal(await world.stockOf(pid), 1);
    }
    await world.client.remove(keyed(`remove-${id}`), { id });
    await client.remove(keyed(`remove-${id}`), { id });
    assert.equal(await endOf(client.remove(keyed(`again-${id}`), { id })), "ORDER_NOT_FOUND");
    await world.assertPieces(pid, 1);
  });

  it("does not meet another method's key", async () => {
    const id = await world.order(await world.putUp(1));
    await world.client.update(keyed(`one-${id}`), { id, amount: 1 });
    assert.equal(await endOf(world.client.remove(keyed(`one-${id}`), { id })), "IDEMPOTENCY_KEY_REUSED");
    assert.equal(await world.statusOf(id), 0);
  });

  /** What the audit says of an order, oldest first. */
  const acts = async (id: number): Promise<unknown[]> => {
    const found = await listActs(world.database, { subject: `order/${id}`, limit: 10 });
    const facts = found.map(({ service, who, role, address, operation, stateBefore, stateAfter }) => {
      assert.deepEqual([service, who, role, address], ["order", ACTOR.who, ACTOR.role, ACTOR.address]);
      return [operation, stateBefore, stateAfter];
    });
    return facts.toReversed();
  };

  it("by staff is written down: another amount, a cancellation and a removal, each once", async () => {
    const pid = await world.putUp(2);
    const id = await world.order(pid);
    const { client } = world;
    for (let times = 0; times < 2; times += 1) {
      await client.update(byStaff(`price-${id}`), { id, amount: 90 });
      await client.update(byStaff(), { id, amount: 90 });
    }
    for (let times = 0; times < 2; times += 1) await client.update(byStaff(`end-${id}`), { id, status: 9 });
    for (let times = 0; times < 2; times += 1) await client.remove(byStaff(`away-${id}`), { id });
    assert.deepEqual(await acts(id), [
      ["/order.Order/Update", '{"amount":100}', '{"amount":90}'],
      ["/order.Order/Update", '{"status":0}', '{"status":9}'],
      ["/order.Order/Remove", '{"status":9}', '{"status":10}'],
    ]);
    const unpaid = await world.order(pid);
    await client.remove(byStaff(), { id: unpaid });
    assert.deepEqual(await acts(unpaid), [["/order.Order/Remove", '{"status":0}', '{"status":10}']]);
  });

  it("is not written down where it is refused, nor what owners, payments and time do", async () => {
    const pid = await world.putUp(3);
    const { client } = world;
    const paid = await world.order(pid);
    await client.paid(call(), { id: paid });
    assert.equal(await endOf(client.update(byStaff(), { id: paid, status: 9 })), "ORDER_STATE_CONFLICT");
    assert.equal(await endOf(client.remove(byStaff(), { id: paid })), "ORDER_STATE_CONFLICT");
    const own = await world.cancelled(pid);
    const bought = await world.order(pid);
    await client.paid(byStaff(), { id: bought, amount: PRICE });
    await client.refunded(byStaff(), { id: bought });
    for (const id of [paid, own, bought]) assert.deepEqual(await acts(id), []);
  });
});
