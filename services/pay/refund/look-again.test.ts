import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import type { JobInfo } from "@mall/kit/jobs";
import { forEachDatabase } from "@mall/kit/testing";
import type { Channel, RefundState } from "../channels/channel.ts";
import { tradeRef } from "../channels/test-channel-conformance.ts";
import { notify } from "../inbox/notifications.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { refund as pursueByJob, pursueRefund } from "./pursue-refund.ts";

/** An attempt of a refund's job. */
const JOB: JobInfo = { id: 1, attempts: 2, createdAt: 0, finish: async () => {} };

forEachDatabase("a refund that its channel refused and made after all", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const paid = async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    await world.until("the order is paid", () => order.status === 1);
    return { id, order, outTradeNo };
  };
  const ask = (id: number, refundNo: string, amount: number) =>
    world.client.refund(call(), { id, refundNo, amount, reason: "", requestedBy: 7 });
  const stateOf = async (refundNo: string) =>
    (await world.context.refundModel.findOneByRefundNo(refundNo))?.state;
  const untilState = (refundNo: string, state: number) =>
    world.untilLater(
      `refund ${refundNo} is in state ${state}`,
      async () => (await stateOf(refundNo)) === state,
    );
  const isRefused = async (refundNo: string, end: number = REFUND_STATE.failed) => {
    await world.untilRefused(refundNo);
    await untilState(refundNo, end);
  };
  /** A copy of its request that was held up arrives at the bank. */
  const arrivesLate = async (outTradeNo: string, refundNo: string, amount: number) => {
    const copy = { trade: tradeRef(outTradeNo), refundNo, amount, currency: "CNY", total: 500 };
    const answer = await world.context.channels.get("sandbox")?.refund(call(), copy);
    assert.equal(answer?.kind, "yes");
  };
  const hear = (refundNo: string, context: ServiceContext = world.context) =>
    notify(context, call(), { notifyId: 1, channel: "sandbox", kind: "refund", subject: refundNo });
  /** The mall at a bank that says this of every refund. */
  const saying = (state: RefundState["state"]): ServiceContext => {
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox);
    const queryRefund: Channel["queryRefund"] = async () => ({ kind: "yes", value: { state } });
    return { ...world.context, channels: new Map([["sandbox", { ...sandbox, queryRefund }]]) };
  };

  for (const [name, refundNo, learn] of [
    ["as it says in a notification", "heard", (_: number) => hear("heard")],
    ["as it says when it is asked", "asked", (id: number) => world.client.sync(call(), { id })],
  ] as const) {
    it(`counts as made, ${name}`, async () => {
      const { id, order, outTradeNo } = await paid();
      world.bank.setFaults([{ fault: "refund.refused" }]);
      await ask(id, refundNo, 500);
      await isRefused(refundNo);
      await learn(id);
      assert.equal(await stateOf(refundNo), REFUND_STATE.failed);
      await arrivesLate(outTradeNo, refundNo, 500);
      for (let time = 0; time < 2; time += 1) await learn(id);
      await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
      const { status, error, channelRefundNo } = await world.client.refundDetail(call(), { refundNo });
      assert.deepEqual([status, error, channelRefundNo !== ""], [REFUND_STATE.succeeded, "", true]);
      await world.until("the order is refunded", () => order.status === 2);
      await assertBooks(world, { sales: 0, suspense: 0 });
    });
  }

  it("needs nobody any more where it was to be made by hand", async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    order.status = 9;
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await world.client.sync(call(), { id });
    const refundNo = `gone-${outTradeNo}`;
    await isRefused(refundNo, REFUND_STATE.byHand);
    await hear(refundNo);
    assert.equal(await stateOf(refundNo), REFUND_STATE.byHand);
    await arrivesLate(outTradeNo, refundNo, 500);
    await hear(refundNo);
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    await refused(world.client.settleRefund(call(), { refundNo, succeeded: false }), "REFUND_NOT_BY_HAND");
    await assertBooks(world, { sales: 0, suspense: 0 });
  });

  it("leaves less to be sent by hand, and what is left goes by itself", async () => {
    const { id, order, outTradeNo } = await paid();
    order.status = 9;
    world.bank.setFaults([{ fault: "refund.refused" }, { fault: "refund.refused" }]);
    await ask(id, "part", 200);
    await isRefused("part");
    const rest = `gone-${outTradeNo}`;
    await isRefused(rest, REFUND_STATE.byHand);
    await arrivesLate(outTradeNo, "part", 200);
    await hear("part");
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    const { status, error } = await world.client.refundDetail(call(), { refundNo: rest });
    assert.deepEqual([status, error], [REFUND_STATE.failed, "refund part was made after all"]);
    const others = await world.context.refundModel.findByCause(id, "order_gone");
    assert.deepEqual(
      others.map(({ refundNo, amount, state }) => [refundNo, amount, state]),
      [
        [rest, 500, REFUND_STATE.failed],
        [`${rest}-2`, 300, REFUND_STATE.succeeded],
      ],
    );
    const trade = await world.bank.trade(outTradeNo);
    assert.deepEqual(
      trade?.refunds.map(({ amount }) => amount),
      [200, 300],
    );
    await assertBooks(world, { sales: 0, suspense: 0 });
  });

  it("waits while somebody says that the money went by hand, until a second person has decided", async () => {
    const { id, order, outTradeNo } = await paid();
    order.status = 9;
    world.bank.setFaults([{ fault: "refund.refused" }, { fault: "refund.refused" }]);
    await ask(id, "early", 200);
    await isRefused("early");
    const rest = `gone-${outTradeNo}`;
    await isRefused(rest, REFUND_STATE.byHand);
    const { client } = await world.replica({ Approval: { Above: 300 } });
    const { approvalId = 0 } = await client.settleRefund(call(), { refundNo: rest, succeeded: true });
    await arrivesLate(outTradeNo, "early", 200);
    await refused(hear("early"), "REFUND_EXCEEDS");
    assert.deepEqual(
      [await stateOf("early"), await stateOf(rest)],
      [REFUND_STATE.failed, REFUND_STATE.byHand],
    );
    const actor = { who: "user:8", role: ROLE.staff, address: "::1" };
    await client.approvalReject(new Call({ attachments: { actor } }), { id: approvalId, reason: "" });
    await hear("early");
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    await assertBooks(world, { sales: 0, suspense: 0 });
  });

  it("is not forgotten where it was given up while its channel was asked, and others have its money", async () => {
    const { id, outTradeNo } = await paid();
    world.bank.setFaults([{ fault: "refund.refused" }, { fault: "refund.processing", ms: 600_000 }]);
    await ask(id, "raced", 400);
    await world.untilRefused("raced");
    const { id: refundId = 0 } = (await world.context.refundModel.findOneByRefundNo("raced")) ?? {};
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox);
    const made = { kind: "yes", value: { state: "succeeded" } } as const;
    const queryRefund: Channel["queryRefund"] = async () => {
      if ((await stateOf("raced")) !== REFUND_STATE.failed) {
        await untilState("raced", REFUND_STATE.failed);
        await ask(id, "next", 200);
      }
      return made;
    };
    const slow = { ...world.context, channels: new Map([["sandbox", { ...sandbox, queryRefund }]]) };
    const pursue = (context: ServiceContext) => pursueByJob(context, call(), { refundId }, JOB);
    await refused(pursue(slow), "REFUND_EXCEEDS");
    await refused(pursue(slow), "REFUND_EXCEEDS");
    assert.equal(await pursue({ ...slow, channels: new Map() }), undefined, "nobody is left to ask");
    assert.equal(await stateOf("raced"), REFUND_STATE.failed);
    await untilState("next", REFUND_STATE.succeeded);
    assert.equal((await world.bank.trade(outTradeNo))?.refunds.length, 1);
    await assertBooks(world, { suspense: 0 });
  });

  it("waits while others have what it took, and while its channel is at it", async () => {
    const { id, outTradeNo } = await paid();
    world.bank.setFaults([{ fault: "refund.refused" }, { fault: "refund.processing", ms: 600_000 }]);
    await ask(id, "first", 400);
    await isRefused("first");
    await ask(id, "second", 200);
    await untilState("second", REFUND_STATE.processing);
    await refused(hear("first", saying("processing")), "NOT_DECIDED_YET");
    await refused(hear("first", saying("succeeded")), "REFUND_EXCEEDS");
    assert.equal(await stateOf("first"), REFUND_STATE.failed);
    await world.untilPay(id, { status: 1, refundedAmount: 0, refundingAmount: 200 });
    await world.untilLater(
      "the second is made",
      async () => (await stateOf("second")) === REFUND_STATE.succeeded,
    );
    assert.equal((await world.bank.trade(outTradeNo))?.refunds.length, 1);
    await assertBooks(world, { suspense: 0 });
  });

  it("is not given up sooner because a clock is set", async () => {
    const { id } = await paid();
    world.bank.setFaults([{ fault: "refund.refused" }]);
    await ask(id, "clock", 500);
    await world.untilRefused("clock");
    const { id: refundId } = (await world.context.refundModel.findOneByRefundNo("clock")) ?? { id: 0 };
    const now = () => world.runtime.now() + 600_000;
    const ahead = { ...world.context, runtime: { ...world.runtime, now } };
    assert.equal(await pursueRefund(ahead, call(), refundId), "waiting");
    assert.equal(await stateOf("clock"), REFUND_STATE.processing);
  });
});
