import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { type AuditEntryRow, listActs } from "@mall/kit/audit";
import { ROLE } from "@mall/kit/auth";
import { Call } from "@mall/kit/call";
import { forEachDatabase } from "@mall/kit/testing";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

const ACTOR = { who: "user:7", role: ROLE.staff, address: "203.0.113.9" };

forEachDatabase("what staff do about payments is written down", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const staff = (key?: string): Call =>
    new Call({
      attachments: { actor: ACTOR, ...(key !== undefined && { idempotency: { key, owner: "user:7" } }) },
    });
  const prepay = (id: number) => world.client.prepay(call(), { id, channel: "sandbox" });
  /** The acts about a payment, the oldest first. */
  const acts = async (id: number): Promise<AuditEntryRow[]> =>
    (await listActs(world.database, { subject: `pay/${id}`, limit: 10 })).toReversed();
  /** Those acts as: who, operation, and what changed. */
  const told = async (id: number): Promise<unknown[]> =>
    (await acts(id)).map(({ who, operation, stateBefore, stateAfter }) => [
      who,
      operation,
      JSON.parse(stateBefore ?? "null"),
      JSON.parse(stateAfter ?? "null"),
    ]);
  /** A payment whose money came by a callback, so that its refunds are made by hand. */
  const paid = async () => {
    const { id, order } = await world.openPay();
    await world.client.callback(call(), { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 });
    await world.until("the order is paid", () => order.status === 1);
    return { id, order };
  };
  const held = async () => {
    const { id, order } = await world.openPay();
    const answer = { id, uid: 1, oid: order.id, amount: 1, source: 1, status: 1 };
    assert.equal((await world.client.callback(call(), answer)).outcome, "held");
    return { id, order };
  };

  it("a refund, once however often it is asked for, with and without a key", async () => {
    const { id } = await paid();
    const ask = (asked: Call) =>
      world.client.refund(asked, { id, refundNo: `R-${id}`, amount: 200, reason: "late", requestedBy: 7 });
    await Promise.all([ask(staff("one")), ask(staff("one")), ask(staff()), ask(staff())]);
    const refund = { refundNo: `R-${id}`, refundAmount: 200, refundState: 4, reason: "late" };
    assert.deepEqual(await told(id), [
      ["user:7", "/pay.Pay/Refund", { refundingAmount: 0 }, { refundingAmount: 200, ...refund }],
    ]);
    const [entry] = await acts(id);
    assert.deepEqual([entry?.service, entry?.role, entry?.address], ["pay", ROLE.staff, "203.0.113.9"]);
  });

  it("a refund that is refused is no act", async () => {
    const { id } = await paid();
    const asked = { id, refundNo: `X-${id}`, amount: 501, reason: "", requestedBy: 7 };
    await refused(world.client.refund(staff(), asked), "REFUND_EXCEEDS");
    assert.deepEqual(await told(id), []);
  });

  it("how a refund ended that was made by hand, or not made", async () => {
    for (const succeeded of [true, false]) {
      const { id } = await paid();
      const refundNo = `H-${id}`;
      await world.client.refund(staff(), { id, refundNo, amount: 200, reason: "", requestedBy: 7 });
      await world.client.settleRefund(staff(), { refundNo, succeeded });
      await world.client.settleRefund(staff(), { refundNo, succeeded });
      const [, settled, ...more] = await told(id);
      const before = { status: 1, refundedAmount: 0, refundingAmount: 200, refundState: 4 };
      const after = { status: 4, refundedAmount: 200, refundingAmount: 0, refundState: 2 };
      const failed = [
        { refundingAmount: 200, refundState: 4 },
        { refundingAmount: 0, refundState: 3 },
      ];
      const changed = succeeded ? [before, after] : failed;
      assert.deepEqual([settled, more], [["user:7", "/pay.Pay/SettleRefund", ...changed], []]);
    }
  });

  it("a decision about held money, either way", async () => {
    const accepted = await held();
    await world.client.resolve(staff(), { id: accepted.id, decision: "accept" });
    const [entry, ...more] = await acts(accepted.id);
    const { stateBefore, stateAfter, operation } = entry ?? {};
    assert.deepEqual([operation, more], ["/pay.Pay/Resolve", []]);
    const waiting = { status: 5, source: 0, paidTime: null, heldReason: "AMOUNT_MISMATCH" };
    assert.deepEqual(JSON.parse(stateBefore ?? ""), waiting);
    const { paidTime, ...now } = JSON.parse(stateAfter ?? "");
    assert.deepEqual(now, { status: 1, source: 1, heldReason: "" });
    assert.match(paidTime, /^20.*Z$/);

    const sentBack = await held();
    await world.client.resolve(staff(), { id: sentBack.id, decision: "refund" });
    await refused(world.client.resolve(staff(), { id: sentBack.id, decision: "refund" }), "PAY_NOT_HELD");
    const before = { status: 5, heldReason: "AMOUNT_MISMATCH" };
    assert.deepEqual(await told(sentBack.id), [
      ["user:7", "/pay.Pay/Resolve", before, { status: 2, heldReason: "" }],
    ]);
  });

  it("closing, also where the channel has to be asked first", async () => {
    const plain = await world.openPay();
    for (let times = 0; times < 2; times += 1) await world.client.close(staff(), { id: plain.id });
    const [entry, ...more] = await acts(plain.id);
    assert.deepEqual([entry?.operation, more], ["/pay.Pay/Close", []]);
    assert.equal(JSON.parse(entry?.stateBefore ?? "").status, 0);
    assert.equal(JSON.parse(entry?.stateAfter ?? "").status, 2);

    const open = await world.openPay();
    await prepay(open.id);
    await world.client.close(staff(), { id: open.id });
    await world.untilPay(open.id, { status: 2 });
    assert.deepEqual(
      (await acts(open.id)).map(({ operation }) => operation),
      ["/pay.Pay/Close"],
    );
  });

  it("another amount, with the payment that it makes paid where it is nothing", async () => {
    const { id, order } = await world.openPay();
    order.amount = 300;
    for (let times = 0; times < 2; times += 1) await world.client.reprice(staff(), { oid: order.id });
    const [first, ...more] = await acts(id);
    assert.deepEqual([first?.operation, more], ["/pay.Pay/Reprice", []]);
    // Its end is another one too, unless the test is quick.
    assert.match(first?.stateBefore ?? "", /"amount":500\b/);
    assert.match(first?.stateAfter ?? "", /"amount":300\b/);
    order.amount = 200;
    const again = { uid: order.uid, oid: order.id, amount: 200 };
    assert.deepEqual(await world.client.create(staff(), again), { id });
    order.amount = 0;
    await world.client.reprice(staff(), { oid: order.id });
    const [, created, free] = await acts(id);
    assert.equal(created?.operation, "/pay.Pay/Create");
    assert.match(created?.stateAfter ?? "", /"amount":200\b/);
    assert.equal(JSON.parse(free?.stateAfter ?? "").status, 1);
  });

  it("nothing that buyers and channels do, nor what a callback tells, whoever posts it", async () => {
    const { id, order } = await world.openPay();
    await prepay(id);
    await world.client.close(call(), { id });
    const asked = { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 };
    await world.client.callback(staff(), asked);
    assert.deepEqual(await told(id), []);
  });

  it("what only staff may do is written down also where nobody says who they are, as behind an api in Go", async () => {
    const { id } = await held();
    await world.client.resolve(call(), { id, decision: "refund" });
    const [entry] = await acts(id);
    assert.deepEqual([entry?.who, entry?.role, entry?.operation], ["", null, "/pay.Pay/Resolve"]);
  });
});
