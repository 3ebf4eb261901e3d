import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

forEachDatabase("callbacks", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const success = (id: number, oid: number, source = 1) => ({
    ...{ id, oid, uid: 1, amount: 500, source, status: 1 },
  });

  it("one of many at once is the success, whatever the process, what came by another source goes back, and the order hears once", async () => {
    const { id, order } = await world.openPay();
    const other = await world.replica();
    const clients = [world.client, other.client];
    const requests = Array.from({ length: 20 }, (_, index) => success(id, order.id, (index % 2) + 1));
    const outcomes = await Promise.allSettled(
      requests.map((request, index) => clients[index % 3 === 0 ? 0 : 1]?.callback(call(), request)),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    assert.deepEqual(refusals, []);
    await world.until("the order is paid", () => order.status === 1);
    assert.deepEqual(
      world.orders.calls.filter((line) => line === `paid ${order.id}`),
      [`paid ${order.id}`],
    );
    const attempts = await world.context.attemptModel.findByPay(id);
    assert.deepEqual(
      attempts.map(({ state, receivedAmount }) => [state, receivedAmount]),
      [
        [2, 500],
        [6, 500],
      ],
    );
    await assertBooks(world, { sales: 500, suspense: 500 });
  });

  it("the order is told until it hears, and the answer does not wait for that", async () => {
    const { id, order } = await world.openPay();
    world.orders.fail(3);
    await world.client.callback(call(), success(id, order.id));
    await world.untilPay(id, { status: 1, source: 1, refundingAmount: 0 });
    const told = () => world.orders.calls.filter((line) => line === `paid ${order.id}`);
    await world.until("the order has answered", () => told().length === 4);
    assert.equal(order.status, 1);
  });

  it("money for a cancelled order brings it back", async () => {
    const { id, order } = await world.openPay();
    order.status = 9;
    world.orders.stock = 1;
    await world.client.callback(call(), success(id, order.id));
    assert.equal(order.status, 1);
    assert.equal(world.orders.stock, 0);
  });

  it("money for an order that cannot be had waits for somebody who sends it back, once", async () => {
    const { id, order } = await world.openPay();
    order.status = 9;
    await world.client.callback(call(), success(id, order.id));
    await world.client.callback(call(), success(id, order.id));
    await world.untilPay(id, { status: 1, refundingAmount: 500, refundedAmount: 0 });
    const refunds = await world.context.refundModel.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      refunds.map(({ amount, cause, state }) => [amount, cause, state]),
      [[500, "order_gone", 4]],
    );
  });

  it("a success that a Go process wrote is completed by its callback, and stands in the books then", async () => {
    const { id, order } = await world.openPay();
    await world.database.write({
      sql: "UPDATE pay SET status = 1, source = 1 WHERE id = ?",
      parameters: [id],
    });
    await world.client.callback(call(), success(id, order.id));
    assert.equal(order.status, 1);
    const entries = await world.context.ledger.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      entries.map(({ account, debit, credit }) => [account, debit, credit]),
      [
        ["channel:callback", 500, 0],
        ["sales", 0, 500],
      ],
    );
  });

  it("a source that does not exist is refused by name and changes nothing; every other is taken down", async () => {
    for (const source of [-1, 4, 5, 6, 7, 10, 127, 255, 256]) {
      const { id, order } = await world.openPay();
      await assert.rejects(world.client.callback(call(), success(id, order.id, source)), {
        ...{ code: "INVALID_ARGUMENT", field: "source" },
        message: 'field "source" must be one of 0, 1, 2, 3, 8, 9',
      });
      assert.equal((await world.client.detail(call(), { id })).status, 0);
      assert.deepEqual(await world.context.attemptModel.findByPay(id), []);
    }
    for (const source of [0, 1, 2, 3, 8, 9]) {
      const { id, order } = await world.openPay();
      assert.deepEqual(await world.client.callback(call(), success(id, order.id, source)), {});
      await world.untilPay(id, { status: 1, source });
    }
  });

  const held = (heldReason: string) => ({ outcome: "held", heldReason });
  const amountsOf = async (id: number) =>
    (await world.context.attemptModel.findByPay(id)).map(({ state, receivedAmount }) => [
      state,
      receivedAmount,
    ]);

  it("of another amount is held, once, however often it is told; the right money takes its place", async () => {
    const { id, order } = await world.openPay();
    const little = { ...success(id, order.id), amount: 400 };
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual(await world.client.callback(call(), little), held("AMOUNT_MISMATCH"));
    }
    await world.untilPay(id, { status: 5, heldReason: "AMOUNT_MISMATCH" });
    assert.deepEqual(await amountsOf(id), [[7, 400]]);
    assert.equal(order.status, 0);
    assert.deepEqual(await world.client.callback(call(), success(id, order.id)), {});
    await world.untilPay(id, { status: 1, heldReason: "" });
    assert.equal(order.status, 1);
    assert.deepEqual(await world.client.callback(call(), little), { outcome: "surplus" });
    const much = { ...little, amount: 900 };
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await world.client.callback(call(), much), { outcome: "surplus" });
    }
    assert.deepEqual(await amountsOf(id), [
      [6, 400],
      [2, 500],
      [6, 900],
    ]);
    const refunds = await world.context.refundModel.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      refunds.map(({ amount, cause, state }) => [amount, cause, state]),
      [
        [400, "surplus", 4],
        [900, "surplus", 4],
      ],
    );
    await assertBooks(world, {});
  });

  it("of many wrong ones at once one is held, and the others go back", async () => {
    const { id, order } = await world.openPay();
    const other = await world.replica();
    const clients = [world.client, other.client];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        clients[index % 2]?.callback(call(), { ...success(id, order.id), amount: 1 + (index % 3) }),
      ),
    );
    const states = (await amountsOf(id)).map(([state]) => state);
    assert.deepEqual(states.toSorted(), [6, 6, 7]);
    await world.untilPay(id, { status: 5 });
    await assertBooks(world, {});
  });

  it("for an order that costs something else, or is another's, is held, and so is one of a user who is gone", async () => {
    const cases = [
      ["ORDER_AMOUNT_MISMATCH", { amount: 900 }],
      ["ORDER_OWNER_MISMATCH", { uid: 3 }],
    ] as const;
    for (const [reason, changes] of cases) {
      const { id, order } = await world.openPay();
      Object.assign(order, changes);
      assert.deepEqual(await world.client.callback(call(), success(id, order.id)), held(reason));
      await world.untilPay(id, { status: 5, heldReason: reason });
      assert.equal(order.status, 0);
    }
    const { id, order } = await world.openPay({ uid: 8 });
    world.usersGone.add(8);
    const told = { ...success(id, order.id), uid: 8 };
    assert.deepEqual(await world.client.callback(call(), told), held("USER_GONE"));
    await world.untilPay(id, { status: 5, heldReason: "USER_GONE" });
    await assertBooks(world, {});
    await world.client.resolve(call(), { id, decision: "accept" });
    await world.untilPay(id, { status: 1, heldReason: "" });
    assert.equal(order.status, 1);
    await assertBooks(world, {});
  });

  it("for an order that is gone waits for somebody who sends it back", async () => {
    const { id, order } = await world.openPay();
    world.orders.remove(order.id);
    assert.deepEqual(await world.client.callback(call(), success(id, order.id)), {});
    await world.untilPay(id, { status: 1, refundingAmount: 500 });
  });

  it("that names no payment of ours changes nothing, and so does one of nothing", async () => {
    const { id, order } = await world.openPay();
    const other = await world.openPay();
    const right = success(id, order.id);
    await refused(world.client.callback(call(), { ...right, oid: other.order.id }), "ORDER_NOT_FOUND");
    await refused(world.client.callback(call(), { ...right, uid: 2 }), "ORDER_NOT_FOUND");
    await refused(world.client.callback(call(), { ...right, id: 999_999 }), "PAY_NOT_FOUND");
    await refused(world.client.callback(call(), { ...right, amount: 0 }), "PAY_AMOUNT_MISMATCH");
    await refused(world.client.callback(call(), { ...right, amount: -1 }), "PAY_AMOUNT_MISMATCH");
    await world.untilPay(id, { status: 0, source: 0, paidTime: 0 });
    assert.deepEqual(await world.context.attemptModel.findByPay(id), []);
  });
});
