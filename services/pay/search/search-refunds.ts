import { demandRanges } from "@mall/kit/rpc";
import type { Database } from "@mall/kit/store";
import { createPayAttemptModel, type PayAttemptRow } from "../model/pay-attempt-model.ts";
import { createPayRefundModel, type PayRefundRow } from "../model/pay-refund-model.ts";
import { type Condition, findPage, type Source } from "./find-page.ts";
import { idIn } from "./numbers.ts";
import { compared, idBounds, type Ranges, rangeConditions } from "./ranges.ts";

/** Which refunds to look for, asked for when and of how much; what is left out does not matter. */
export interface RefundFilter extends Ranges {
  /** Its number, the channel's own, or the payment's id. */
  readonly text?: string | undefined;
  readonly payId?: number | undefined;
  readonly state?: number | undefined;
  readonly cause?: string | undefined;
  /** Of money that came on this account. */
  readonly channel?: string | undefined;
  /** Only refunds with a smaller id; undefined for the first page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A refund that was found, and the attempt whose money it is. */
export interface FoundRefund {
  readonly refund: PayRefundRow;
  readonly attempt: PayAttemptRow | undefined;
}

/**
 * Refunds by number and by filters, newest first; bounded as searchPayments is: the ids by the index of the number, the
 * payment or the state, and LOOKED_AT_MAX of them for each page.
 *
 * @throws AppError INVALID_ARGUMENT as demandRanges.
 */
export async function searchRefunds(
  database: Database,
  filter: RefundFilter,
): Promise<{ readonly refunds: readonly FoundRefund[]; readonly next: number }> {
  demandRanges(filter);
  const { ids, next } = await findPage(database, {
    table: "pay_refund",
    source: sourceOf(filter),
    conditions: [...conditionsOf(filter), ...rangeConditions(database, "pay_refund", filter)],
    limit: filter.limit,
    ...(await idBounds(database, "pay_refund", filter)),
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

function conditionsOf({ text, payId, state, cause, channel }: RefundFilter): Condition[] {
  const isByText = text !== undefined;
  return compared([
    ["pay_refund.pay_id = ?", isByText ? payId : undefined],
    ["pay_refund.state = ?", isByText || payId !== undefined ? state : undefined],
    ["pay_refund.cause = ?", cause],
    [ON_ACCOUNT, channel],
  ]);
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
  const attemptOf = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  // MySQL takes A for a.
  return refunds
    .filter((refund) => text === undefined || numbersOf(refund).includes(text))
    .map((refund) => ({ refund, attempt: attemptOf.get(refund.attemptId) }));
}

function numbersOf({ refundNo, channelRefundNo, payId }: PayRefundRow): string[] {
  return [refundNo, channelRefundNo, String(payId)];
}
