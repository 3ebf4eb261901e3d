import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import type { Channel, DisputeMove, DisputeState } from "../channels/channel.ts";
import { NOTIFY_STATE } from "../model/pay-notify-model.ts";
import { assertBooks, call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";
import { notify, storeNotify } from "./notifications.ts";

/** What a bank takes of a payment of 500 and its channel for it, and what comes back. */
const TAKEN: DisputeMove = { moveNo: "txn_1", amount: -400, fee: 15 };
const BACK: DisputeMove = { moveNo: "txn_2", amount: 400, fee: -5 };

forEachDatabase("a dispute that a channel tells of", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  /** A payment that was paid, with its number at the channel. */
  const paid = async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    await world.client.sync(call(), { id });
    const attempt = await world.context.attemptModel.findOneByOutTradeNo(outTradeNo);
    assert.ok(attempt !== undefined && attempt.channelTradeNo !== "");
    return { id, outTradeNo, tradeNo: attempt.channelTradeNo };
  };
  const hear = async (eventKey: string, tradeNo: string, isOver: boolean): Promise<number> => {
    const parsed = { kind: "dispute", eventKey, outTradeNo: "", disputeNo: "", tradeNo, isOver } as const;
    const raw = { headers: {}, body: Buffer.from("{}"), receivedAt: world.runtime.now() };
    await storeNotify(world.context, { channel: "sandbox", ...raw, parsed });
    const row = await world.context.notifyModel.findOneByChannelEventKey("sandbox", eventKey);
    assert.ok(row);
    await world.until(
      `${eventKey} was acted on`,
      async () => (await stateOf(row.id)) !== NOTIFY_STATE.received,
    );
    return row.id;
  };
  const stateOf = async (id: number) => (await world.context.notifyModel.findOne(id))?.state;
  const waiting = async () => {
    const { kinds } = await world.client.attention(call(), { kind: "dispute", limit: 0 });
    return kinds[0]?.rows.map(({ id, payId, amount }) => [id, payId, amount]);
  };

  it("waits for somebody until it is over, stands in its payment's time line, and moves nothing", async () => {
    const { id, outTradeNo, tradeNo } = await paid();
    const other = await paid();
    const detail = await world.client.detail(call(), { id });
    const events = [await hear("evt-1", tradeNo, false), await hear("evt-2", tradeNo, false)];
    await hear("evt-other", other.tradeNo, false);
    assert.deepEqual(await waiting(), [
      [outTradeNo, id, 500],
      [other.outTradeNo, other.id, 500],
    ]);
    const over = await hear("evt-3", tradeNo, true);
    assert.deepEqual(await waiting(), [[other.outTradeNo, other.id, 500]]);
    for (const event of [...events, over]) assert.equal(await stateOf(event), NOTIFY_STATE.processed);
    const timeline = await world.client.timeline(call(), { id });
    const told = timeline.events.filter(({ kind }) => kind === "notification").map(({ subject }) => subject);
    assert.deepEqual(told.filter((subject) => [...events, over].map(String).includes(subject)).length, 3);
    assert.deepEqual(await world.client.detail(call(), { id }), detail);
    await assertBooks(world, {});
    await hear("evt-late", tradeNo, false);
    assert.equal((await waiting())?.length, 2);
    await world.client.notifyReplay(call(), { id: over });
    await world.until("it is out of the list", async () => (await waiting())?.length === 1);
  });

  it("about money of nobody here is ignored", async () => {
    assert.equal(await stateOf(await hear("evt-foreign", "pi_of_another", false)), NOTIFY_STATE.ignored);
  });

  /** A channel that can be asked about disputes, and says `told`. */
  const asked = (told: () => DisputeState) => {
    const sandbox = world.context.channels.get("sandbox");
    assert.ok(sandbox !== undefined);
    const channel: Channel = {
      ...sandbox,
      queryDispute: async (_call, disputeNo) => {
        assert.match(disputeNo, /^dp_/);
        return { kind: "yes", value: told() };
      },
    };
    return { ...world.context, channels: new Map([["sandbox", channel]]) };
  };
  /** A notification is acted on that says so; the id of its row. */
  const act = async (
    context: PayWorld["context"],
    eventKey: string,
    { tradeNo, disputeNo, isOver = false }: { tradeNo: string; disputeNo: string; isOver?: boolean },
  ): Promise<number> => {
    const kind = isOver ? "disputed" : "dispute";
    const row = { channel: "sandbox", eventKey, kind, subject: tradeNo, disputeNo, headers: "{}" };
    const notifyId = await world.context.notifyModel.insert({
      ...{ ...row, body: Buffer.from("{}"), receivedAt: world.runtime.now() },
    });
    await notify(context, call(), { notifyId });
    return notifyId;
  };
  const entriesOf = async (payId: number): Promise<string[][]> => {
    const sql =
      "SELECT account, debit, credit FROM ledger_entry WHERE pay_id = ? AND txn_key LIKE 'dispute:%' ORDER BY id";
    const lines = await world.database.read({ sql, parameters: [payId] });
    return lines.map(({ account, debit, credit }) => [account, debit, credit].map(String));
  };
  const TAKEN_LINES = [
    ["channel:sandbox", "0", "415"],
    ["fees", "15", "0"],
    ["disputes", "400", "0"],
  ];
  const BACK_LINES = [
    ["channel:sandbox", "405", "0"],
    ["fees", "0", "5"],
    ["disputes", "0", "400"],
  ];

  it("moves money in the books as its channel says, each movement once, whatever is heard of it and when", async () => {
    const { id, outTradeNo, tradeNo } = await paid();
    const state = { outTradeNo, tradeNo, currency: "CNY", isOver: false, moves: [] as DisputeMove[] };
    const context = asked(() => state);
    const about = { tradeNo, disputeNo: "dp_1" };
    const before = await waiting();
    const created = await act(context, "evt-a1", about);
    assert.deepEqual(await entriesOf(id), []);
    assert.equal(await stateOf(created), NOTIFY_STATE.disputed);
    state.moves.push(TAKEN);
    const withdrawn = await act(context, "evt-a2", about);
    await Promise.all([act(context, "evt-a3", about), notify(context, call(), { notifyId: withdrawn })]);
    assert.deepEqual(await entriesOf(id), TAKEN_LINES);
    Object.assign(state, { isOver: true, moves: [TAKEN, BACK] });
    await act(context, "evt-a5", { ...about, isOver: true });
    // What was said before the end comes after it.
    const late = await act(context, "evt-a4", about);
    assert.deepEqual(await entriesOf(id), [...TAKEN_LINES, ...BACK_LINES]);
    for (const event of [created, withdrawn, late])
      assert.equal(await stateOf(event), NOTIFY_STATE.processed);
    assert.deepEqual(await waiting(), before);
    const told = (await world.client.timeline(call(), { id })).events.filter(({ kind, subject }) => {
      return kind === "entry" && subject.startsWith("dispute:");
    });
    assert.deepEqual(
      told.map(({ amount, currency }) => [amount, currency]),
      [
        [415, "CNY"],
        [405, "CNY"],
      ],
    );
    await assertBooks(world, { disputes: 0 });
  });

  it("of one payment does not end another of it, and stays in the books where it was lost", async () => {
    const { id, outTradeNo, tradeNo } = await paid();
    const state = {
      outTradeNo,
      tradeNo,
      currency: "CNY",
      isOver: false,
      moves: [{ ...TAKEN, moveNo: "txn_b" }],
    };
    const context = asked(() => state);
    const other = await act(context, "evt-b1", { tradeNo, disputeNo: "dp_b1" });
    state.isOver = true;
    await act(context, "evt-b2", { tradeNo, disputeNo: "dp_b2", isOver: true });
    assert.equal(await stateOf(other), NOTIFY_STATE.disputed);
    assert.deepEqual(await entriesOf(id), TAKEN_LINES);
    await assertBooks(world, { disputes: -400 });
  });

  it("is heard of before its payment, which is asked about then", async () => {
    const { id } = await world.openPay();
    const { outTradeNo } = await world.client.prepay(call(), { id, channel: "sandbox" });
    await world.bank.pay(outTradeNo);
    const answer = await world.context.channels.get("sandbox")?.query(call(), {
      ...{ outTradeNo, channelRef: "", beganAt: world.runtime.now() },
    });
    assert.ok(answer?.kind === "yes" && answer.value.state === "paid");
    const { tradeNo } = answer.value;
    const moves = [{ ...TAKEN, moveNo: "txn_c" }];
    const context = asked(() => ({ outTradeNo, tradeNo, currency: "CNY", isOver: false, moves }));
    await act(context, "evt-c", { tradeNo, disputeNo: "dp_c" });
    assert.deepEqual(await entriesOf(id), TAKEN_LINES);
    assert.equal((await world.client.detail(call(), { id })).status, 1);
  });

  it("is booked by nothing that cannot be about its payment, and waits for somebody meanwhile", async () => {
    const { id, outTradeNo, tradeNo } = await paid();
    const right = { outTradeNo, tradeNo, currency: "CNY", isOver: false, moves: [TAKEN] };
    for (const [index, wrong] of [{ tradeNo: "pi_of_another" }, { currency: "USD" }].entries()) {
      const said = act(
        asked(() => ({ ...right, ...wrong })),
        `evt-d${index}`,
        { tradeNo, disputeNo: "dp_d" },
      );
      await refused(said, "CHANNEL_UNAVAILABLE");
    }
    assert.deepEqual(await entriesOf(id), []);
    assert.ok((await waiting())?.some(([number]) => number === outTradeNo));
  });
});
