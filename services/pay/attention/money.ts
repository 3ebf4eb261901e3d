import { unixSeconds } from "@mall/kit/runtime";
import { stateName } from "@mall/kit/states";
import { ATTEMPT_STATE, OPEN_STATES } from "../model/attempt-state.ts";
import { APPROVAL_STATE } from "../model/pay-approval-model.ts";
import { DIFFERENCE_STATE } from "../model/pay-bill-difference-model.ts";
import { NOTIFY_STATE } from "../model/pay-notify-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { ASKED_STATES, REFUND_STATE } from "../model/refund-state.ts";
import { STUCK } from "../refund/record-refund.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { AttentionRow } from "../rpc/gen/pay.ts";
import { COUNT_MAX, countSome, rowOf, type Waiting, waitingOf } from "./waiting.ts";

type Context = Pick<
  ServiceContext,
  | "database"
  | "runtime"
  | "payModel"
  | "attemptModel"
  | "refundModel"
  | "approvalModel"
  | "billDifferenceModel"
>;

/** How long after its end an attempt may still be open, milliseconds: jobs ask its channel, and pause in between. */
const OVERDUE_MS = 5 * 60_000;
/** How long a channel may take to make a refund, milliseconds: banks take some working days, but most say so at once. */
const REFUND_OVERDUE_MS = 24 * 3_600_000;
/** Of what is open in each state, only so many of the oldest are looked at. */
const LOOKED_AT_MAX = 5_000;

/** Money that is held, since the payment changed last. */
export async function heldPayments({ database, payModel }: Context, limit: number): Promise<Waiting> {
  const sql = "SELECT id FROM pay WHERE status = ?";
  const found = await countSome(database, sql, [PAY_STATUS.held]);
  const pays = await payModel.findMany((query) =>
    query.where("status", "=", PAY_STATUS.held).orderBy("id").limit(limit),
  );
  const rows = pays.map(({ id, amount, currency, updateTime, heldReason }) =>
    rowOf({ id: String(id), payId: id, amount, currency, since: unixSeconds(updateTime), text: heldReason }),
  );
  return waitingOf(found, rows);
}

/** Payments whose buyers ask their banks for the money back. */
export async function openDisputes(context: Context, limit: number): Promise<Waiting> {
  const { database, attemptModel } = context;
  const sql =
    "SELECT subject, MIN(received_at) AS since FROM pay_notify WHERE state = ? GROUP BY subject " +
    "ORDER BY since LIMIT ?";
  const found = await database.read({ sql, parameters: [NOTIFY_STATE.disputed, COUNT_MAX + 1] });
  const rows = found.slice(0, limit).map(async ({ subject, since }) => {
    const id = String(subject);
    const attempt = await attemptModel.findOneByOutTradeNo(id);
    const {
      payId = 0,
      channel = "",
      receivedAmount: amount = 0,
      receivedCurrency: currency = "",
    } = attempt ?? {};
    return rowOf({ id, payId, channel, amount, currency, since: Math.floor(Number(since) / 1000) });
  });
  return waitingOf(found.length, await Promise.all(rows));
}

/** Refunds that somebody must make. */
export async function refundsByHand(context: Context, limit: number): Promise<Waiting> {
  const { database, refundModel, attemptModel } = context;
  const sql = "SELECT id FROM pay_refund WHERE state = ?";
  const found = await countSome(database, sql, [REFUND_STATE.byHand]);
  const refunds = await refundModel.findMany((query) =>
    query.where("state", "=", REFUND_STATE.byHand).orderBy("id").limit(limit),
  );
  return waitingOf(found, await Promise.all(refunds.map((refund) => rowOfRefund(attemptModel, refund))));
}

async function rowOfRefund(
  attemptModel: Context["attemptModel"],
  refund: PayRefundRow,
): Promise<AttentionRow> {
  const { refundNo: id, payId, attemptId, amount, cause, error, createTime } = refund;
  const attempt = await attemptModel.findOne(attemptId);
  const { channel = "", receivedCurrency: currency = "" } = attempt ?? {};
  const text = error === "" ? cause : `${cause}: ${error}`;
  return rowOf({ id, payId, channel, amount, currency, since: unixSeconds(createTime), text });
}

/** Refunds that their channel has not made for a day, or makes no further by itself. */
export async function overdueRefunds(context: Context, limit: number): Promise<Waiting> {
  const { database, runtime, refundModel, attemptModel } = context;
  const end = database.times.toText(new Date(runtime.now() - REFUND_OVERDUE_MS));
  const sql =
    "SELECT id FROM (SELECT id, create_time, error FROM pay_refund WHERE state = ? ORDER BY id LIMIT ?) oldest " +
    "WHERE create_time < ? OR error = ? ORDER BY id";
  const found = ASKED_STATES.map((state) =>
    database.read({ sql, parameters: [state, LOOKED_AT_MAX, end, STUCK] }),
  );
  const ids = (await Promise.all(found)).flat().map(({ id }) => Number(id));
  const oldest = ids.toSorted((one, other) => one - other).slice(0, limit);
  const refunds =
    oldest.length === 0
      ? []
      : await refundModel.findMany((query) => query.where("id", "in", oldest).orderBy("id"));
  return waitingOf(ids.length, await Promise.all(refunds.map((refund) => rowOfRefund(attemptModel, refund))));
}

/** What waits for a second person, to its end. */
export async function openApprovals(
  { database, runtime, approvalModel }: Context,
  limit: number,
): Promise<Waiting> {
  const [open, now] = [APPROVAL_STATE.open, runtime.now()];
  const sql = "SELECT id FROM pay_approval WHERE state = ? AND expires_at > ?";
  const found = await countSome(database, sql, [open, now]);
  const approvals = await approvalModel.findMany((query) =>
    query.where("state", "=", open).where("expires_at", ">", now).orderBy("id").limit(limit),
  );
  const rows = approvals.map(({ id, payId, amount, currency, requestedAt, act, refundNo, requestedBy }) => {
    const text = [act, refundNo, requestedBy].filter((part) => part !== "").join(" ");
    return rowOf({ id: String(id), payId, amount, currency, since: Math.floor(requestedAt / 1000), text });
  });
  return waitingOf(found, rows);
}

/**
 * Attempts whose channel has not said how they ended, long after they should have: looked for among the oldest that are
 * open, which these are.
 */
export async function overdueAttempts(context: Context, limit: number): Promise<Waiting> {
  const { database, runtime, attemptModel } = context;
  const end = database.times.toText(new Date(runtime.now() - OVERDUE_MS));
  const sql =
    "SELECT id FROM (SELECT id, expire_time FROM pay_attempt WHERE state = ? ORDER BY id LIMIT ?) oldest " +
    "WHERE expire_time < ? ORDER BY id";
  const found = OPEN_STATES.map((state) => database.read({ sql, parameters: [state, LOOKED_AT_MAX, end] }));
  const ids = (await Promise.all(found)).flat().map(({ id }) => Number(id));
  const oldest = ids.toSorted((one, other) => one - other).slice(0, limit);
  const attempts =
    oldest.length === 0
      ? []
      : await attemptModel.findMany((query) => query.where("id", "in", oldest).orderBy("id"));
  const rows = attempts.map(
    ({ outTradeNo: id, payId, channel, amount, currency, expireTime, state, error }) => {
      const is = stateName(ATTEMPT_STATE, state);
      const text = error === "" ? is : `${is}: ${error}`;
      return rowOf({ id, payId, channel, amount, currency, since: unixSeconds(expireTime), text });
    },
  );
  return waitingOf(ids.length, rows);
}

/** What channels' bills and the payments say differently, and nobody has seen to. */
export async function billDifferences(
  { database, billDifferenceModel }: Context,
  limit: number,
): Promise<Waiting> {
  const { open } = DIFFERENCE_STATE;
  const found = await countSome(database, "SELECT id FROM pay_bill_difference WHERE state = ?", [open]);
  const differences = await billDifferenceModel.findMany((query) =>
    query.where("state", "=", open).orderBy("id").limit(limit),
  );
  const rows = differences.map(({ id, payId, channel, foundAt, kind, text }) =>
    rowOf({ id: String(id), payId, channel, since: Math.floor(foundAt / 1000), text: `${kind}: ${text}` }),
  );
  return waitingOf(found, rows);
}
