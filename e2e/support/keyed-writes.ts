import type { Database } from "@mall/kit/store";
import { type KeyedRequest, newKey } from "./keyed-request.ts";
import { newMobile, PASSWORD, type Person } from "./people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./shop.ts";

/** A request that has an effect. */
export interface KeyedWrite extends Omit<KeyedRequest, "key"> {
  /** What another request says in place of the same fields. */
  readonly other: object;
}

interface Scene {
  readonly database: Database;
  readonly customer: Person;
  readonly staff: Person;
  readonly gateway: Person;
  readonly admin: Person;
}

/** One request for every route that writes, to be sent in this order. */
export async function prepareWrites(scene: Scene): Promise<KeyedWrite[]> {
  const { customer, staff, gateway, admin } = scene;
  const { uid, token } = customer;
  const pid = await putUp(staff, 10);
  const order = (): Promise<number> => orderOne(customer, pid);
  const [oid, other, unwanted] = [await order(), await order(), await order()];
  const id = await openPay(customer, oid);
  const [bought, wrong] = [await openPay(customer, await order()), await openPay(customer, await order())];
  await holdMoney(scene, wrong);
  const [wanted, unwantedToo] = [await askSecond(scene, id), await askSecond(scene, wrong)];
  const [one, another] = [await storeNotify(scene), await storeNotify(scene)];
  const bill = await storeBill(scene);
  const refundNo = newKey();
  const register = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
  const product = { name: "梨", desc: "", stock: 10, amount: PRICE, status: 0 };
  return [
    { path: "/api/user/register", body: register, other: { gender: 0 } },
    ...[
      { path: "/api/product/create", body: product, other: { stock: 11 } },
      { path: "/api/product/update", body: { id: pid, stockChange: 20 }, other: { stockChange: 21 } },
      { path: "/api/product/stock", body: { id: pid, change: 5 }, other: { change: 6 } },
      { path: "/api/product/remove", body: { id: await putUp(staff, 1) }, other: { id: pid } },
    ].map((each) => ({ ...each, token: staff.token })),
    ...[
      { path: "/api/order/create", body: { uid, pid, amount: PRICE }, other: { amount: PRICE + 1 } },
      { path: "/api/order/update", body: { id: unwanted, status: 9 }, other: { id: other } },
      { path: "/api/order/remove", body: { id: unwanted }, other: { id: other } },
      { path: "/api/pay/create", body: { uid, oid: other, amount: PRICE }, other: { amount: PRICE + 1 } },
      { path: "/api/pay/prepay", body: { id: bought, channel: "sandbox" }, other: { id } },
    ].map((each) => ({ ...each, token })),
    {
      path: "/api/pay/callback",
      body: success({ id, uid, oid }),
      other: { source: 2 },
      token: gateway.token,
    },
    ...[
      { path: "/api/pay/refund", body: { id, refundNo, amount: 100 }, other: { amount: 101 } },
      // A callback's money: no channel can be asked to send it back.
      { path: "/api/pay/refund/settle", body: { refundNo, succeeded: true }, other: { succeeded: false } },
      { path: "/api/pay/resolve", body: { id: wrong, decision: "accept" }, other: { decision: "refund" } },
      { path: "/api/pay/approval/approve", body: { id: wanted }, other: { id: unwantedToo } },
      { path: "/api/pay/approval/reject", body: { id: unwantedToo }, other: { reason: "no" } },
      { path: "/api/pay/notify/replay", body: { id: one }, other: { id: another } },
      {
        path: "/api/pay/bill/difference/settle",
        body: { id: bill.differenceId, note: "seen" },
        other: { note: "not seen" },
      },
      { path: "/api/pay/bill/compare", body: { id: bill.id }, other: { id: bill.id + 1 } },
    ].map((each) => ({ ...each, token: staff.token })),
    ...(await jobWrites(scene)).map((each) => ({ ...each, token: admin.token })),
    { path: "/api/user/role", body: { id: uid, role: 1 }, other: { role: 0 }, token: admin.token },
    { path: "/api/pay/close", body: { id: bought }, other: { id }, token },
  ];
}

/** Of jobs that look for what is over, and do no harm once more. */
async function jobWrites({ database }: Scene): Promise<Omit<KeyedWrite, "token">[]> {
  const writes = ["order", "pay"].flatMap((queue) => ["retry", "cancel"].map((act) => ({ queue, act })));
  return Promise.all(
    writes.map(async ({ queue, act }) => {
      const id = await addJob(database, queue);
      return { path: `/api/${queue}/job/${act}`, body: { id }, other: { id: id + 1 } };
    }),
  );
}

async function addJob(database: Database, queue: string): Promise<number> {
  const key = newKey();
  const job = {
    queue,
    kind: `${queue}.expire`,
    unique_key: key,
    payload: "{}",
    state: 2,
    due_at: 0,
    created_at: 0,
  };
  await database.transaction((tx) => tx.query.insertInto("job").values(job).execute());
  const found = await database.query.selectFrom("job").where("unique_key", "=", key).select("id").execute();
  return Number(found[0]?.id);
}

/** As if a channel had told of less money than a payment asks for. */
async function holdMoney({ database }: Scene, payId: number): Promise<void> {
  const held = { status: 5, held_reason: "AMOUNT_MISMATCH" };
  const attempt = {
    ...{ pay_id: payId, out_trade_no: newKey(), channel: "sandbox", state: 7 },
    ...{ amount: PRICE, currency: "CNY", received_amount: PRICE - 1, received_currency: "CNY" },
  };
  await database.transaction(async (tx) => {
    await tx.query.updateTable("pay").set(held).where("id", "=", payId).execute();
    await tx.query.insertInto("pay_attempt").values(attempt).execute();
  });
}

/** As if somebody wanted to give a part of a payment back that needs a second person. */
async function askSecond({ database }: Scene, payId: number): Promise<number> {
  const row = { pay_id: payId, open_of: payId, act: "refund", refund_no: newKey(), amount: 1 };
  const values = { ...row, currency: "CNY", requested_by: "user:7", requested_at: 1, expires_at: 4e12 };
  await database.query.insertInto("pay_approval").values(values).execute();
  const stored = database.query.selectFrom("pay_approval").where("open_of", "=", payId).select("id");
  return Number((await stored.executeTakeFirstOrThrow()).id);
}

/** As if a channel had said something about a trade that is not ours. */
async function storeNotify({ database }: Scene): Promise<number> {
  const eventKey = newKey();
  const row = { channel: "sandbox", event_key: eventKey, kind: "trade", subject: eventKey, received_at: 1 };
  const values = { ...row, headers: "{}", body: Buffer.from("{}") };
  await database.query.insertInto("pay_notify").values(values).execute();
  const stored = database.query.selectFrom("pay_notify").where("event_key", "=", eventKey).select("id");
  return Number((await stored.executeTakeFirstOrThrow()).id);
}

/** As if a bill had shown a payment that nobody knows. */
async function storeBill({
  database,
}: Scene): Promise<{ readonly id: number; readonly differenceId: number }> {
  const bill = { merchant: newKey(), channel: "wechat", day: "2026-11-30", state: 1, sums: "[]" };
  await database.query.insertInto("pay_bill").values(bill).execute();
  const stored = database.query.selectFrom("pay_bill").where("merchant", "=", bill.merchant).select("id");
  const id = Number((await stored.executeTakeFirstOrThrow()).id);
  const about = { bill_id: id, channel: "wechat", kind: "PAYMENT_UNKNOWN", subject: "P1" };
  await database.query
    .insertInto("pay_bill_difference")
    .values({ ...about, text: "P1: paid, and no attempt has this number", found_at: 1 })
    .execute();
  const found = database.query.selectFrom("pay_bill_difference").where("bill_id", "=", id).select("id");
  return { id, differenceId: Number((await found.executeTakeFirstOrThrow()).id) };
}
