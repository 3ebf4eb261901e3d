import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import type { Approval } from "../rpc/gen/pay.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

const ABOVE = 300;
const DAY_MS = 24 * 3_600_000;

forEachDatabase("what moves more money than one person may move alone", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases, { Approval: { Above: ABOVE } });
  });
  after(() => world.close());

  /** Staff, or nobody who is named. */
  const by = (uid: number | undefined, key?: string): Call => {
    const actor = uid === undefined ? undefined : { who: `user:${uid}`, role: ROLE.staff, address: "::1" };
    const idempotency = key === undefined ? undefined : { key, owner: `user:${uid}` };
    return new Call({ attachments: { ...(actor && { actor }), ...(idempotency && { idempotency }) } });
  };
  /** A payment of 500 that a buyer paid on the sandbox. */
  const paid = async () => {
    const { id, order } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    await world.until("the order is paid", () => order.status === 1);
    return { id, order, outTradeNo };
  };
  const told = async ({ amount, currency = "CNY" }: { amount: number; currency?: string }) => {
    const { id, order } = await world.openPay();
    await world.client.callback(call(), { id, uid: 1, oid: order.id, amount, source: 1, status: 1 });
    return { id, order, currency };
  };
  const refund = (id: number, amount: number, { refundNo = `R-${id}`, uid = 7 } = {}) =>
    world.client.refund(by(uid), { id, refundNo, amount, reason: "broken", requestedBy: uid });
  const approve = (id: number, caller = by(8), client = world.client) =>
    client.approvalApprove(caller, { id });
  const approvals = async (id: number): Promise<Approval[]> =>
    (await world.client.approvalList(call(), { id, before: 0, limit: 0 })).data;
  const waitingOf = (asked: { readonly approvalId?: number | undefined }): number => {
    assert.ok(asked.approvalId !== undefined, "a second person is asked");
    return asked.approvalId;
  };
  const backAtBank = async (outTradeNo: string): Promise<number> => {
    const trade = await world.bank.trade(outTradeNo);
    return trade?.refunds.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
  };

  it("is a refund above the limit: nothing happens until somebody else approves, then it is made once", async () => {
    const { id, outTradeNo } = await paid();
    const asked = await refund(id, 400);
    assert.deepEqual([asked.status, asked.amount, asked.requestedBy, asked.channel], [5, 400, 7, "sandbox"]);
    const approvalId = waitingOf(asked);
    assert.equal(waitingOf(await refund(id, 400)), approvalId, "asked again, it is the same question");
    await world.untilPay(id, { status: 1, refundingAmount: 0, refundedAmount: 0 });
    await refused(world.client.refundDetail(call(), { refundNo: `R-${id}` }), "REFUND_NOT_FOUND");
    await refused(approve(approvalId, by(7)), "APPROVAL_OWN");
    await refused(approve(approvalId, by(undefined)), "APPROVAL_UNNAMED");
    const done = await approve(approvalId);
    assert.deepEqual([done.status, done.decidedBy, done.requestedBy], [1, "user:8", "user:7"]);
    assert.deepEqual(await approve(approvalId), done, "asked again, nothing more happens");
    await refused(approve(approvalId, by(9)), "APPROVAL_DECIDED");
    await world.untilPay(id, { status: 4, refundedAmount: 400 });
    assert.equal(await backAtBank(outTradeNo), 400);
    const made = await refund(id, 400);
    assert.deepEqual([made.approvalId, made.status, made.requestedBy], [undefined, 2, 7]);
  });

  it("is the part that comes to more with the parts before it", async () => {
    const { id } = await paid();
    const first = await refund(id, ABOVE, { refundNo: `A-${id}` });
    assert.equal(first.approvalId, undefined);
    waitingOf(await refund(id, 1, { refundNo: `B-${id}` }));
    await refused(refund(id, 201, { refundNo: `C-${id}` }), "REFUND_EXCEEDS");
    await refused(refund(id, 2, { refundNo: `C-${id}` }), "APPROVAL_PENDING");
  });

  it("is done once where many approve at once, in two processes", async () => {
    const { id, outTradeNo } = await paid();
    const approvalId = waitingOf(await refund(id, 500));
    const replica = await world.replica();
    const clients = [world.client, replica.client];
    const ends = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => approve(approvalId, by(10 + index), clients[index % 2])),
    );
    assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
    for (const end of ends)
      if (end.status === "rejected") await refused(Promise.reject(end.reason), "APPROVAL_DECIDED");
    await world.untilPay(id, { status: 3, refundedAmount: 500 });
    assert.equal(await backAtBank(outTradeNo), 500);
  });

  it("never happens where it was rejected, by another or by who asked", async () => {
    for (const uid of [8, 7]) {
      const { id, outTradeNo } = await paid();
      const approvalId = waitingOf(await refund(id, 400));
      const reject = () => world.client.approvalReject(by(uid), { id: approvalId, reason: "too much" });
      const ended = await reject();
      assert.deepEqual([ended.status, ended.decidedBy, ended.decidedReason], [2, `user:${uid}`, "too much"]);
      assert.deepEqual(await reject(), ended);
      await refused(approve(approvalId, by(9)), "APPROVAL_DECIDED");
      await world.untilPay(id, { status: 1, refundingAmount: 0, refundedAmount: 0 });
      assert.equal(await backAtBank(outTradeNo), 0);
    }
  });

  it("expires after a day, and can be asked for anew", async () => {
    const { id } = await paid();
    const first = waitingOf(await refund(id, 400));
    world.runtime.shift(DAY_MS + 1_000);
    await refused(approve(first), "APPROVAL_EXPIRED");
    assert.deepEqual(
      (await approvals(id)).map(({ status }) => status),
      [3],
    );
    const second = waitingOf(await refund(id, 400));
    assert.notEqual(second, first);
    const byState = async (status: number): Promise<number[]> => {
      const page = { id, status, before: 0, limit: 0 };
      return (await world.client.approvalList(call(), page)).data.map((told) => told.id);
    };
    assert.deepEqual([await byState(0), await byState(3)], [[second], [first]]);
    await approve(second);
    await world.untilPay(id, { status: 4, refundedAmount: 400 });
  });

  it("is not done where the money went elsewhere meanwhile, and stays to be rejected", async () => {
    const { id } = await paid();
    const approvalId = waitingOf(await refund(id, 400));
    await refund(id, 200, { refundNo: `S-${id}` });
    await refused(approve(approvalId), "REFUND_EXCEEDS");
    assert.deepEqual(
      (await approvals(id)).map(({ status }) => status),
      [0],
    );
  });

  it("is somebody's word that a refund by hand was made, and not that it was not", async () => {
    const { id } = await told({ amount: 500 });
    await approve(waitingOf(await refund(id, 400)));
    const refundNo = `R-${id}`;
    const settle = (succeeded: boolean) => world.client.settleRefund(by(7), { refundNo, succeeded });
    const approvalId = waitingOf(await settle(true));
    await world.untilPay(id, { status: 1, refundingAmount: 400 });
    await approve(approvalId);
    await world.untilPay(id, { status: 4, refundedAmount: 400, refundingAmount: 0 });
    const other = await told({ amount: 500 });
    await approve(waitingOf(await refund(other.id, 400)));
    const unmade = { refundNo: `R-${other.id}`, succeeded: false };
    assert.deepEqual(await world.client.settleRefund(by(7), unmade), {});
    await world.untilPay(other.id, { status: 1, refundingAmount: 0 });
  });

  it("is what becomes of held money, both ways", async () => {
    for (const decision of ["accept", "refund"]) {
      const { id, order } = await told({ amount: 450 });
      const approvalId = waitingOf(await world.client.resolve(by(7), { id, decision }));
      await world.untilPay(id, { status: 5 });
      await approve(approvalId);
      await world.untilPay(id, { status: decision === "accept" ? 1 : 2 });
      await world.until("the order hears", () => order.status === (decision === "accept" ? 1 : 9));
    }
    const small = await told({ amount: ABOVE });
    assert.deepEqual(await world.client.resolve(by(7), { id: small.id, decision: "accept" }), {});
  });

  it("waits where staff look, is on the payment's line of time, and in the audit", async () => {
    const { id } = await paid();
    const approvalId = waitingOf(await refund(id, 400));
    const { kinds } = await world.client.attention(call(), { kind: "approval_open", limit: 100 });
    const row = kinds[0]?.rows.find(({ payId }) => payId === id);
    assert.deepEqual(
      [row?.id, row?.amount, row?.currency, row?.text],
      [String(approvalId), 400, "CNY", `refund R-${id} user:7`],
    );
    await approve(approvalId, by(8, `key-${id}`));
    await approve(approvalId, by(8, `key-${id}`));
    const { events } = await world.client.timeline(call(), { id });
    const line = events.filter(({ kind }) => kind === "approval");
    assert.deepEqual(
      line.map(({ event, state, amount }) => [event, state, amount]),
      [
        ["requested", "approved", 400],
        ["approved", "approved", 400],
      ],
    );
    const acts = await listActs(world.database, { service: "pay", subject: [`pay/${id}`], limit: 10 });
    const written = acts.toReversed().map(({ who, operation, stateAfter }) => {
      const after: Record<string, unknown> = JSON.parse(stateAfter ?? "null");
      return [who, operation, after.approvalState, after.refundingAmount];
    });
    assert.deepEqual(written, [
      ["user:7", "/pay.Pay/Refund", "open", undefined],
      ["user:8", "/pay.Pay/ApprovalApprove", "approved", 400],
    ]);
  });

  it("is written down as rejected, by whom", async () => {
    const { id } = await paid();
    const approvalId = waitingOf(await refund(id, 400));
    await world.client.approvalReject(by(8), { id: approvalId, reason: "" });
    const [act] = await listActs(world.database, { service: "pay", subject: [`pay/${id}`], limit: 1 });
    assert.deepEqual([act?.who, act?.operation], ["user:8", "/pay.Pay/ApprovalReject"]);
    await refused(world.client.approvalReject(by(8), { id: 999_999, reason: "" }), "APPROVAL_NOT_FOUND");
  });

  it("leaves books that balance", () => assertBooks(world, {}));
});

forEachDatabase("money in another currency than the shop's", (databases) => {
  it("needs a second person, however little it is", async () => {
    const dear = await openPayWorld(databases, { Currency: "USD", Approval: { Above: 100_000 } });
    try {
      const { id, order } = await dear.openPay();
      await dear.database.query.updateTable("pay").set({ currency: "EUR" }).where("id", "=", id).execute();
      await dear.client.callback(call(), { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 });
      const asked = await dear.client.refund(call(), {
        ...{ id, refundNo: "E1", amount: 1, reason: "", requestedBy: 7 },
      });
      assert.equal(asked.status, 5);
    } finally {
      await dear.close();
    }
  });
});
