import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { JOB_STATE } from "@mall/kit/jobs";
import { forEachDatabase } from "@mall/kit/testing";
import type { AttentionKind, NotifyRequest } from "../rpc/gen/pay.ts";
import { call, openPayWorld, type PayWorld, refused } from "../rpc/test-pay-world.ts";

const KINDS = [
  "held",
  "dispute",
  "refund_by_hand",
  "approval_open",
  "refund_overdue",
  "attempt_overdue",
  "channel_gone",
  "dead_job",
  "notify_refused",
  "book_difference",
  "bill_difference",
];

forEachDatabase("what needs a person", (databases) => {
  let world: PayWorld;
  before(async () => {
    world = await openPayWorld(databases);
  });
  after(() => world.close());

  const read = async (kind: string, limit = 0): Promise<AttentionKind> => {
    const { kinds } = await world.client.attention(call(), { kind, limit });
    const [only, ...more] = kinds;
    assert.ok(only !== undefined && more.length === 0 && only.kind === kind);
    return only;
  };
  const paid = async (): Promise<number> => {
    const { id, order } = await world.openPay();
    await world.client.callback(call(), { id, uid: 1, oid: order.id, amount: 500, source: 1, status: 1 });
    await world.until("the order is paid", () => order.status === 1);
    return id;
  };
  const now = (): number => Math.floor(world.runtime.now() / 1000);

  it("is nothing in a mall where all is well", async () => {
    await paid();
    const { kinds } = await world.client.attention(call(), { kind: "", limit: 0 });
    assert.deepEqual(
      kinds.map(({ kind, count, isMore, since, rows }) => [kind, count, isMore, since, rows]),
      KINDS.map((kind) => [kind, 0, false, 0, []]),
    );
  });

  it("is money that is held, and why, the oldest first and as many as are asked for", async () => {
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      const { id, order } = await world.openPay();
      await world.client.callback(call(), { id, uid: 1, oid: order.id, amount: 1, source: 1, status: 1 });
      ids.push(id);
    }
    const { count, isMore, since, rows } = await read("held", 1);
    assert.deepEqual([count, isMore], [2, false]);
    assert.ok(since > now() - 600 && since <= now(), `${since}`);
    assert.deepEqual(
      rows.map(({ id, payId, amount, currency, text }) => [id, payId, amount, currency, text]),
      [[String(ids[0]), ids[0], 500, "CNY", "AMOUNT_MISMATCH"]],
    );
  });

  it("is a refund that no channel can make", async () => {
    const id = await paid();
    const asked = { id, refundNo: `H-${id}`, amount: 120, reason: "", requestedBy: 7 };
    await world.client.refund(call(), asked);
    const { count, rows } = await read("refund_by_hand");
    assert.equal(count, 1);
    assert.deepEqual(
      rows.map(({ since: _, ...row }) => row),
      [{ id: `H-${id}`, payId: id, channel: "callback", amount: 120, currency: "CNY", text: "request" }],
    );
    await world.client.settleRefund(call(), { refundNo: `H-${id}`, succeeded: true });
    assert.equal((await read("refund_by_hand")).count, 0);
  });

  it("is an attempt whose channel has not said how it ended, some minutes after its end", async () => {
    const { id } = await world.openPay();
    const outTradeNo = "P-forgotten";
    const expireTime = new Date(world.runtime.now() + 60_000);
    const row = {
      payId: id,
      outTradeNo,
      channel: "gone",
      amount: 500,
      currency: "CNY",
      expireTime,
      state: 5,
    };
    await world.context.attemptModel.insert({ ...row, error: "no answer" });
    assert.equal((await read("attempt_overdue")).count, 0);
    world.runtime.shift(7 * 60_000);
    const { count, since, rows } = await read("attempt_overdue");
    assert.equal(count, 1);
    assert.equal(since, Math.floor(expireTime.getTime() / 1000));
    assert.deepEqual(
      rows.map(({ id, payId, channel, text }) => [id, payId, channel, text]),
      [[outTradeNo, id, "gone", "unknown: no answer"]],
    );
  });

  it("is a job of this service that was given up, and no more than is counted of a thousand and one", async () => {
    const job = { queue: "pay", kind: "pay.order-paid", state: JOB_STATE.dead, error: "no order" };
    const write = async (rows: number, payId: number): Promise<void> => {
      const dueAt = { due_at: world.runtime.now(), created_at: world.runtime.now() };
      const values = Array.from({ length: rows }, () => ({
        ...job,
        ...dueAt,
        payload: JSON.stringify({ payId }),
      }));
      await world.database.query.insertInto("job").values(values).execute();
    };
    await write(1, 17);
    const { count, rows } = await read("dead_job");
    assert.equal(count, 1);
    assert.deepEqual(
      rows.map(({ payId, text }) => [payId, text]),
      [[17, "pay.order-paid: no order"]],
    );
    for (let written = 1; written < 1_001; written += 100) await write(100, 18);
    const more = await read("dead_job", 5);
    assert.deepEqual([more.count, more.isMore, more.rows.length], [1_000, true, 5]);
  });

  it("is what came in a channel's name and was not signed by it, kept with why, as it came", async () => {
    const forged: NotifyRequest = {
      channel: "sandbox",
      headers: [{ name: "x-forged", value: "yes" }],
      body: Buffer.from([0, 1, 255]),
    };
    const send = () => refused(world.client.notify(call(), forged), "NOTIFY_FORGED");
    await send();
    for (let time = 0; time < 3; time += 1) await send();
    world.runtime.shift(11_000);
    await send();
    const { data } = await world.client.notifyRefusedList(call(), {
      channel: "sandbox",
      before: 0,
      limit: 0,
    });
    assert.deepEqual(
      data.map(({ count, reason, isCut }) => [count, reason, isCut]),
      [
        [4, "NOTIFY_FORGED", false],
        [1, "NOTIFY_FORGED", false],
      ],
    );
    assert.deepEqual(data[0]?.headers, forged.headers);
    assert.deepEqual(Buffer.from(data[0]?.body ?? []), forged.body);
    assert.ok((data[0]?.error ?? "") !== "");
    const { count, rows } = await read("notify_refused");
    assert.equal(count, 5);
    assert.deepEqual(
      rows.map(({ id, channel, text }) => [id, channel, text]),
      [["sandbox", "sandbox", "5 refused"]],
    );
    const long = { ...forged, body: Buffer.alloc(20_000, 1) };
    world.runtime.shift(11_000);
    await refused(world.client.notify(call(), long), "NOTIFY_FORGED");
    const [last] = (await world.client.notifyRefusedList(call(), { channel: "", before: 0, limit: 1 })).data;
    assert.deepEqual([last?.isCut, last?.body.length], [true, 16 * 1024]);
    world.runtime.shift(25 * 3_600_000);
    assert.equal((await read("notify_refused")).count, 0);
  });

  it("is what the books lack of a payment", async () => {
    const id = await paid();
    await world.database.query.deleteFrom("ledger_entry").where("pay_id", "=", id).execute();
    const { count, rows } = await read("book_difference", 1);
    assert.equal(count, 1);
    assert.deepEqual(
      rows.map((row) => row.id),
      ["ENTRY_MISSING"],
    );
  });

  it("is what bills and payments say differently, until somebody has seen to it", async () => {
    const { billModel, billDifferenceModel } = world.context;
    const bill = { merchant: "wechat 1", channel: "wechat", day: "2026-11-30", sums: "[]" };
    const billId = await billModel.insert(bill);
    const about = { billId, channel: "wechat", kind: "AMOUNT", text: "501, and 500 here" };
    const ids: number[] = [];
    for (const [index, state] of [0, 1, 2, 0].entries())
      ids.push(
        await billDifferenceModel.insert({
          ...{ ...about, subject: `P${index}`, payId: 7, state },
          foundAt: 60_000 * (index + 1),
        }),
      );
    const { count, since, rows } = await read("bill_difference", 1);
    assert.deepEqual([count, since], [2, 60]);
    const [row] = rows;
    assert.deepEqual(
      [row?.id, row?.payId, row?.channel, row?.text],
      [String(ids[0]), 7, "wechat", "AMOUNT: 501, and 500 here"],
    );
  });

  it("is of no other kind", async () => {
    await refused(world.client.attention(call(), { kind: "weather", limit: 0 }), "INVALID_FIELD");
    await assert.rejects(world.client.attention(call(), { kind: "", limit: 101 }), { field: "limit" });
  });
});
