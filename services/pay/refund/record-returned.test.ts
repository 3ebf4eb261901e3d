import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { Channel, RefundState } from "../channels/channel.ts";
import { notify } from "../inbox/notifications.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { pursueRefund } from "./pursue-refund.ts";
import { STUCK } from "./record-refund.ts";

forEachDatabase("a refund that its channel says more of", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const paid = async (): Promise<number> => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    return id;
  };
  const refund = (id: number, refundNo: string) =>
    world.client.refund(call(), { id, refundNo, amount: 500, reason: "", requestedBy: 7 });
  const rowOf = async (refundNo: string) => {
    const row = await world.context.refundModel.findOneByRefundNo(refundNo);
    assert.ok(row);
    return row;
  };
  /** The mall at a bank that says this of every refund. */
  const saying = (state: RefundState): ServiceContext => {
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox);
    const queryRefund: Channel["queryRefund"] = async () => ({ kind: "yes", value: state });
    return { ...world.context, channels: new Map([["sandbox", { ...sandbox, queryRefund }]]) };
  };
  const hear = (context: ServiceContext, subject: string) =>
    notify(context, call(), { notifyId: 1, channel: "sandbox", kind: "refund", subject });

  it("and whose money came back, is the buyer's still, waits for somebody, and goes out once more", async () => {
    const id = await paid();
    await refund(id, "R-back");
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    const made = await rowOf("R-back");
    const failed = saying({ state: "failed", channelRefundNo: made.channelRefundNo });
    await hear(saying({ state: "succeeded", channelRefundNo: made.channelRefundNo }), "R-back");
    await hear(saying({ state: "failed", channelRefundNo: "another" }), "R-back");
    assert.deepEqual(await world.context.refundModel.findByCause(id, REFUND_CAUSE.returned), []);
    for (let time = 0; time < 2; time += 1) await hear(failed, "R-back");
    const [returned, ...more] = await world.context.refundModel.findByCause(id, REFUND_CAUSE.returned);
    assert.ok(returned !== undefined && more.length === 0);
    assert.deepEqual([returned.state, returned.amount], [REFUND_STATE.byHand, 500]);
    await assertBooks(world, { suspense: 500, "channel:sandbox": -497 });
    await world.untilPay(id, { status: 3, refundedAmount: 500, refundingAmount: 0 });
    const { kinds } = await world.client.attention(call(), { kind: "refund_by_hand", limit: 0 });
    assert.deepEqual(
      kinds[0]?.rows.map(({ id, text }) => [id, text]),
      [[`returned-${made.id}`, "returned"]],
    );
    const { refundNo } = returned;
    await refused(world.client.settleRefund(call(), { refundNo, succeeded: false }), "REFUND_MUST_BE_MADE");
    await world.client.settleRefund(call(), { refundNo, succeeded: true });
    await hear(failed, refundNo);
    await hear(failed, "R-back");
    await assertBooks(world, { suspense: 0, "channel:sandbox": 3 });
    const { events } = await world.client.timeline(call(), { id });
    assert.ok(events.some(({ subject }) => subject === `returned:${returned.id}`));
  });

  it("and whose money came back is not lost where it becomes known only by then that it was made", async () => {
    const id = await paid();
    await refund(id, "R-late");
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    const made = await rowOf("R-late");
    const failed = saying({ state: "failed", channelRefundNo: made.channelRefundNo });
    const asBefore = { ...made, state: REFUND_STATE.processing, channelRefundNo: "" };
    const refundModel = { ...failed.refundModel, findOneByRefundNo: async () => asBefore };
    await hear({ ...failed, refundModel }, "R-late");
    const returned = await world.context.refundModel.findByCause(id, REFUND_CAUSE.returned);
    assert.deepEqual(
      returned.map(({ refundNo, amount }) => [refundNo, amount]),
      [[`returned-${made.id}`, 500]],
    );
  });

  it("and that goes no further there, is told of, still asked about, and not sent again", async () => {
    const id = await paid();
    world.bank.setFaults([{ fault: "refund.processing", ms: 60_000 }]);
    await refund(id, "R-stuck");
    await world.until(
      "the bank was asked",
      async () => (await rowOf("R-stuck")).state === REFUND_STATE.processing,
    );
    const stuck = saying({ state: "stuck" });
    for (let time = 0; time < 2; time += 1)
      assert.equal(await pursueRefund(stuck, call(), (await rowOf("R-stuck")).id), "waiting");
    const { kinds } = await world.client.attention(call(), { kind: "refund_overdue", limit: 0 });
    assert.deepEqual(
      kinds[0]?.rows.map(({ id, text }) => [id, text]),
      [["R-stuck", `request: ${STUCK}`]],
    );
    world.runtime.shift(120_000);
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    assert.equal((await rowOf("R-stuck")).error, "");
  });
});
