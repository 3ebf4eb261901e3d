import { invalidArgument } from "@mall/kit/errors";
import type { Database } from "@mall/kit/store";
import { createPayAttemptModel } from "../model/pay-attempt-model.ts";
import { createPayRefundModel, type PayRefundRow } from "../model/pay-refund-model.ts";
import { type Condition, findPage, type Source } from "./find-page.ts";
import { idAfter, idBefore, timedTable } from "./first-id-at.ts";
import { idIn } from "./numbers.ts";

/** Which refunds to look for; what is left out does not matter. */
export interface RefundFilter {
  /** Its number, the channel's own, or the payment's id. */
  readonly text?: string | undefined;
  readonly payId?: number | undefined;
  readonly state?: number | undefined;
  readonly cause?: string | undefined;
  /** Of money that came on this account. */
  readonly channel?: string | undefined;
  /** Asked for at this time or later. */
  readonly from?: Date | undefined;
  /** Asked for before this time. */
  readonly to?: Date | undefined;
  /** Only refunds with a smaller id; undefined for the first page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A refund that was found, and the account whose money it is. */
export interface FoundRefund {
  readonly refund: PayRefundRow;
  readonly channel: string;
}

/**
 * Refunds by number and by filters, newest first; bounded as searchPayments is: the ids by the index of the number, the
 * payment or the state, and LOOKED_AT_MAX of them for each page.
 *
 * @throws AppError INVALID_ARGUMENT naming `from` for a range that holds nothing.
 */
export async function searchRefunds(
  database: Database,
  filter: RefundFilter,
): Promise<{ readonly refunds: readonly FoundRefund[]; readonly next: number }> {
  const { from, to, before = Number.MAX_SAFE_INTEGER, limit } = filter;
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidArgument("from", "must be before to");
  const table = timedTable(database, "pay_refund");
  const [first, last] = await Promise.all([
    from === undefined ? 0 : idBefore(database, table, from.getTime()),
    to === undefined ? before : idAfter(database, table, to.getTime()),
  ]);
  const { ids, next } = await findPage(database, {
    table: "pay_refund",
    source: sourceOf(filter),
    conditions: conditionsOf(database, filter),
    from: first,
    before: Math.min(before, last),
    limit,
  });
  return { refunds: await readFound(database, ids, filter.text), next };
}

/** The index that gives the ids. */
function sourceOf({ text, payId, state }: RefundFilter): Source {
  if (text !== undefined) return { ...withNumber(text), key: "id" };
  const ofRefund = { from: "pay_refund", key: "id" };
  if (payId !== undefined) return { ...ofRefund, where: { sql: "pay_id = ?", parameters: [payId] } };
  if (state !== undefined) return { ...ofRefund, where: { sql: "state = ?", parameters: [state] } };
  return ofRefund;
}

function withNumber(text: string): Pick<Source, "from" | "parameters"> {
  const payId = idIn(text);
  const arms = ["refund_no", "channel_refund_no", ...(payId === undefined ? [] : ["pay_id"])];
  const from = arms.map((column) => `SELECT id FROM pay_refund WHERE ${column} = ?`).join(" UNION ");
  const parameters = arms.map((column) => (column === "pay_id" ? (payId ?? 0) : text));
  return { from: `(${from}) numbered`, parameters };
}

function conditionsOf(database: Database, filter: RefundFilter): Condition[] {
  const { text, payId, state, cause, channel, from, to } = filter;
  const isByText = text !== undefined;
  const comparing: readonly (readonly [string, string | number | undefined])[] = [
    ["pay_refund.pay_id = ?", isByText ? payId : undefined],
    ["pay_refund.state = ?", isByText || payId !== undefined ? state : undefined],
    ["pay_refund.cause = ?", cause],
    [ON_ACCOUNT, channel],
    ["pay_refund.create_time >= ?", from && database.times.toText(from)],
    ["pay_refund.create_time < ?", to && database.times.toText(to)],
  ];
  return comparing.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, parameters: [value] }]));
}

const ON_ACCOUNT =
  "EXISTS (SELECT 1 FROM pay_attempt WHERE pay_attempt.id = pay_refund.attempt_id AND pay_attempt.channel = ?)";

async function readFound(
  database: Database,
  ids: readonly number[],
  text: string | undefined,
): Promise<FoundRefund[]> {
  if (ids.length === 0) return [];
  const refunds = await createPayRefundModel(database).findMany((query) =>
    query.where("id", "in", [...ids]).orderBy("id", "desc"),
  );
  const attemptIds = [...new Set(refunds.map(({ attemptId }) => attemptId))];
  const attempts = await createPayAttemptModel(database).findMany((query) =>
    query.where("id", "in", attemptIds),
  );
  const channels = new Map(attempts.map(({ id, channel }) => [id, channel]));
  // MySQL takes A for a.
  return refunds
    .filter((refund) => text === undefined || numbersOf(refund).includes(text))
    .map((refund) => ({ refund, channel: channels.get(refund.attemptId) ?? "" }));
}

function numbersOf({ refundNo, channelRefundNo, payId }: PayRefundRow): string[] {
  return [refundNo, channelRefundNo, String(payId)];
}
