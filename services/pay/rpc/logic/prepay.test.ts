import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { beginAttempt } from "../../attempt/begin-attempt.ts";
import { ATTEMPT_STATE } from "../../model/attempt-state.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../test-pay-world.ts";
import { prepay as prepayIn } from "./prepay.ts";

const SECOND = 1_000;
const WAY = { product: "page", payerId: "", returnUrl: "" } as const;
const MINUTE = 60_000;

const noKey = async (): Promise<void> => {};

forEachDatabase("attempts", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases, { PayExpire: "10m" });
  });
  after(() => world.close());

  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  const statesOf = async (id: number): Promise<number[]> =>
    (await world.context.attemptModel.findByPay(id)).map(({ state }) => state);
  /** Makes the bank answer nothing to so many requests of any kind. */
  const deafen = (times: number): void =>
    world.bank.setFaults([
      { fault: "query.error-before", times },
      { fault: "close.error-before", times },
    ]);

  it("a channel opens one, told again while it is open, and its success is written down once with its fee", async () => {
    const { id, order } = await world.openPay();
    const first = await prepay(id);
    assert.equal(first.channel, "sandbox");
    assert.match(first.credential, new RegExp(first.outTradeNo));
    assert.deepEqual(await prepay(id), first);
    await world.bank.pay(first.outTradeNo);
    const replica = await world.replica();
    const asked = [world, replica, world, replica].map(({ client }) => client.sync(call(), { id }));
    for (const { status, source, paidTime } of await Promise.all(asked)) {
      assert.deepEqual([status, source, paidTime > 0], [1, 8, true]);
    }
    await world.until("the order is paid", () => order.status === 1);
    await assertBooks(world, { "channel:sandbox": -497, fees: -3, sales: 500 });
    await refused(prepay(id), "PAY_ALREADY_PAID");
  });

  it("one is closed for another where what was given for it can hardly be used any more", async () => {
    const { id } = await world.openPay();
    const sandbox = world.context.channels.get("sandbox") ?? assert.fail();
    const channels = new Map([["sandbox", { ...sandbox, credentialMs: { page: 5 * MINUTE } }]]);
    const ask = () => prepayIn({ ...world.context, channels }, call(), { id, channel: "sandbox" });
    const first = await ask();
    world.runtime.shift(3 * MINUTE);
    assert.deepEqual(await ask(), first);
    world.runtime.shift(MINUTE);
    const second = await ask();
    assert.notEqual(second.outTradeNo, first.outTradeNo);
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.closed, ATTEMPT_STATE.pending]);
    await assert.rejects(world.bank.pay(first.outTradeNo));
    await world.bank.pay(second.outTradeNo);
    assert.equal((await world.client.sync(call(), { id })).status, 1);
  });

  it("a success is found without a notification", async () => {
    const { id } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo);
    world.runtime.shift(5 * SECOND);
    await world.untilPay(id, { status: 1 });
  });

  it("a payment that nobody tried to pay is closed at its end, and its order cancelled", async () => {
    const { id, order } = await world.openPay();
    world.runtime.shift(10 * MINUTE);
    await world.untilPay(id, { status: 2 });
    await world.until("the order is cancelled", () => order.status === 9);
    await refused(prepay(id), "PAY_CLOSED");
  });

  it("an open attempt is closed at its channel before its payment is closed", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    deafen(2);
    world.runtime.shift(10 * MINUTE);
    await world.untilPay(id, { status: 2 });
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.closed]);
    await assert.rejects(world.bank.pay(outTradeNo));
    await world.until("the order is cancelled", () => order.status === 9);
  });

  it("money that came at the last moment, with nobody telling, is found at the end", async () => {
    const { id, order } = await world.openPay();
    await world.bank.pay((await prepay(id)).outTradeNo);
    world.runtime.shift(10 * MINUTE);
    await world.untilPay(id, { status: 1 });
    await world.until("the order is paid", () => order.status === 1);
  });

  it("money that a channel took after it had closed is found by looking back, and brings the order back", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await prepay(id);
    world.runtime.shift(10 * MINUTE);
    await world.until("the order is cancelled", () => order.status === 9);
    world.bank.setFaults([{ fault: "pay.late" }]);
    await world.bank.pay(outTradeNo);
    world.orders.stock = 1;
    world.runtime.shift(MINUTE);
    await world.untilPay(id, { status: 1 });
    await world.until("the order is brought back", () => order.status === 1);
  });

  it("money of another amount or currency is held, with the reason, and nobody is told", async () => {
    for (const [payment, reason] of [
      [{ amount: 499 }, "AMOUNT_MISMATCH"],
      [{ amount: 501 }, "AMOUNT_MISMATCH"],
      [{ currency: "USD" }, "CURRENCY_MISMATCH"],
    ] as const) {
      const { id, order } = await world.openPay();
      await world.bank.pay((await prepay(id)).outTradeNo, payment);
      const { status, heldReason } = await world.client.sync(call(), { id });
      assert.deepEqual([status, heldReason, order.status], [5, reason, 0]);
      await refused(prepay(id), "PAY_HELD");
      await refused(world.client.close(call(), { id }), "PAY_HELD");
    }
    await assertBooks(world, {});
  });

  it("of two successes one is kept, the other goes back", async () => {
    const { id, order } = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.error-after" }]);
    await refused(prepay(id), "CHANNEL_UNAVAILABLE");
    deafen(10);
    const second = await prepay(id);
    const [first] = await world.context.attemptModel.findByPay(id);
    for (const outTradeNo of [first?.outTradeNo ?? "", second.outTradeNo]) await world.bank.pay(outTradeNo);
    world.bank.setFaults([]);
    world.runtime.shift(MINUTE);
    await world.until("both are written down", async () => {
      const states = await statesOf(id);
      return states.toSorted().join() === `${ATTEMPT_STATE.succeeded},${ATTEMPT_STATE.surplus}`;
    });
    await world.until("the order is paid", () => order.status === 1);
    const refunds = await world.context.refundModel.findMany((query) => query.where("pay_id", "=", id));
    assert.deepEqual(
      refunds.map(({ amount, cause }) => [amount, cause]),
      [[500, "surplus"]],
    );
    await world.untilPay(id, { status: 1, refundingAmount: 0 });
    await assertBooks(world, {});
  });

  it("the right money takes the place of what is held, which goes back", async () => {
    const { id } = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.error-after" }]);
    await refused(prepay(id), "CHANNEL_UNAVAILABLE");
    deafen(10);
    const second = await prepay(id);
    const [first] = await world.context.attemptModel.findByPay(id);
    await world.bank.pay(first?.outTradeNo ?? "", { amount: 1 });
    await world.bank.pay(second.outTradeNo);
    world.bank.setFaults([]);
    await world.client.sync(call(), { id });
    await world.untilPay(id, { status: 1, heldReason: "" });
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.surplus, ATTEMPT_STATE.succeeded]);
    await assertBooks(world, {});
  });

  it("an attempt that a channel refuses is over at once", async () => {
    const { id } = await world.openPay({ amount: 500, expireTime: 0 });
    await world.database.write({ sql: "UPDATE pay SET currency = 'xx' WHERE id = ?", parameters: [id] });
    await refused(prepay(id), "CHANNEL_REFUSED");
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.failed]);
  });

  it("of two that are begun at once after the same look each is counted, and the second has the first closed", async () => {
    const { id } = await world.openPay();
    const pay = await world.context.payModel.findOne(id);
    const channel = world.context.channels.get("sandbox");
    assert.ok(pay !== undefined && channel !== undefined);
    const begin = () => beginAttempt(world.context, { begin: noKey, pay, channel, way: WAY, earlier: [] });
    await Promise.all([begin(), begin()]);
    assert.equal((await world.context.payModel.findOne(id))?.attempts, 2);
    assert.match(
      (await world.context.attemptModel.findByPay(id))[1]?.outTradeNo ?? "",
      new RegExp(`^P${id}N2`),
    );
    await world.until("the first is closed", async () => (await statesOf(id))[0] === ATTEMPT_STATE.closed);
  });

  it("an attempt whose process died before the channel was asked ends as any other", async () => {
    const { id } = await world.openPay();
    const pay = await world.context.payModel.findOne(id);
    const channel = world.context.channels.get("sandbox");
    assert.ok(pay !== undefined && channel !== undefined);
    await beginAttempt(world.context, { begin: noKey, pay, channel, way: WAY });
    world.runtime.shift(5 * SECOND);
    await world.until("nobody waits for it", async () => (await statesOf(id))[0] === ATTEMPT_STATE.unknown);
    world.runtime.shift(10 * MINUTE);
    await world.untilPay(id, { status: 2 });
  });

  it("a prepay sent again with its key has its answer, over two processes, and another one is refused", async () => {
    const { id } = await world.openPay();
    const replica = await world.replica();
    const keyed = () => new Call({ attachments: { idempotency: { key: `twice-${id}`, owner: "7" } } });
    const clients = [world.client, replica.client, world.client, replica.client];
    const answers = await Promise.all(
      clients.map((client) => client.prepay(keyed(), { id, channel: "sandbox" })),
    );
    assert.equal(new Set(answers.map(({ outTradeNo }) => outTradeNo)).size, 1);
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.pending]);
    const other = await world.openPay();
    const reused = world.client.prepay(keyed(), { id: other.id, channel: "sandbox" });
    await refused(reused, "IDEMPOTENCY_KEY_REUSED");
    assert.deepEqual(await statesOf(other.id), []);
  });

  it("a key whose prepay died with its process is free again once nobody waits for the channel", async () => {
    const { id } = await world.openPay();
    const pay = await world.context.payModel.findOne(id);
    const channel = world.context.channels.get("sandbox");
    assert.ok(pay !== undefined && channel !== undefined);
    const request = { id, channel: "sandbox" };
    const idempotency = { key: `died-${id}`, owner: "7" };
    const keyed = () => new Call({ attachments: { idempotency } });
    const died = new Call({ method: "/pay.Pay/Prepay", idempotency });
    await world.context.idempotency.once(died, request, (commit) =>
      commit.begun((begin) => beginAttempt(world.context, { begin, pay, channel, way: WAY })),
    );
    world.runtime.shift(5 * SECOND);
    await world.until("nobody waits for it", async () => (await statesOf(id))[0] === ATTEMPT_STATE.unknown);
    const { outTradeNo } = await world.client.prepay(keyed(), request);
    assert.equal((await world.bank.trade(outTradeNo))?.state, "open");
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.closed, ATTEMPT_STATE.pending]);
  });

  it("a prepay that was taken for dead and was not tells what it opened, also when it is sent again", async () => {
    const { id } = await world.openPay();
    world.bank.setFaults([{ fault: "prepay.slow", ms: 1_000 }]);
    const keyed = () =>
      world.client.prepay(new Call({ attachments: { idempotency: { key: `slow-${id}`, owner: "7" } } }), {
        id,
        channel: "sandbox",
      });
    const slow = keyed();
    await world.until("its attempt is written down", async () => (await statesOf(id)).length === 1);
    world.runtime.shift(5 * SECOND);
    await world.until("nobody waits for it", async () => (await statesOf(id))[0] === ATTEMPT_STATE.unknown);
    const answer = await slow;
    assert.deepEqual(await statesOf(id), [ATTEMPT_STATE.pending]);
    assert.deepEqual(await keyed(), answer);
    assert.equal((await world.bank.trade(answer.outTradeNo))?.state, "open");
  });

  it("a payment has at most twenty", async () => {
    const { id } = await world.openPay();
    for (let count = 0; count < 20; count += 1) {
      world.bank.setFaults([{ fault: "prepay.error-before" }]);
      await refused(prepay(id), "CHANNEL_UNAVAILABLE");
    }
    await refused(prepay(id), "PAY_TOO_MANY_ATTEMPTS");
    assert.equal((await statesOf(id)).length, 20);
    // Those that were not shut with the next one, as the channel had been asked too often, are shut by their jobs.
    await world.untilLater("one is left", async () => {
      const states = await statesOf(id);
      return states.filter((state) => state !== ATTEMPT_STATE.closed).length === 1;
    });
  });

  it("bad requests change nothing", async () => {
    const { id } = await world.openPay();
    await refused(world.client.prepay(call(), { id, channel: "nobody" }), "INVALID_FIELD");
    await refused(prepay(99_999), "PAY_NOT_FOUND");
    const cancelled = await world.openPay({});
    cancelled.order.status = 9;
    await refused(prepay(cancelled.id), "ORDER_CANCELLED");
    const changed = await world.openPay();
    changed.order.amount = 1;
    await refused(prepay(changed.id), "PAY_AMOUNT_MISMATCH");
    await world.untilPay(id, { status: 0 });
  });

  it("many prepays at once leave one attempt that can be paid", async () => {
    const { id } = await world.openPay();
    const replica = await world.replica();
    const clients = [world.client, replica.client, world.client, replica.client];
    const outcomes = await Promise.allSettled(
      clients.map((client) => client.prepay(call(), { id, channel: "sandbox" })),
    );
    assert.ok(outcomes.some(({ status }) => status === "fulfilled"));
    await world.until("one is open", async () => {
      const open = await world.context.attemptModel.findOpen(id);
      return open.length === 1 && open[0]?.state === ATTEMPT_STATE.pending;
    });
  });
});
