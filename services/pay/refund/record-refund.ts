import { fitText, type Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { isOfSuccess, REFUND_CAUSE, REFUND_STATE, refundMoved } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound, refundNotFound } from "../rpc/errors.ts";

const ERROR_LENGTH_MAX = 255;

/** A refund with what it is of, locked by the transaction that decides. */
export interface RefundSubject {
  readonly pay: PayRow;
  readonly attempt: PayAttemptRow;
  readonly refund: PayRefundRow;
}

/** Locks the payment of a refund, and reads the refund as it is then. */
export async function lockRefund(
  { payModel, attemptModel, refundModel }: ServiceContext,
  tx: Transaction,
  { id, payId, attemptId }: Pick<PayRefundRow, "id" | "payId" | "attemptId">,
): Promise<RefundSubject> {
  const pay = await payModel.lockOne(payId, tx);
  const attempt = await attemptModel.findOne(attemptId, tx);
  const refund = await refundModel.findOne(id, tx);
  if (pay === undefined || attempt === undefined) throw payNotFound();
  if (refund === undefined) throw refundNotFound();
  return { pay, attempt, refund };
}

/** Writes down that a channel is about to be asked: from now on it may know the refund. */
export async function recordRefundAsked(context: ServiceContext, refund: PayRefundRow): Promise<void> {
  if (refund.state === REFUND_STATE.processing) return;
  await context.database.transaction(async (tx) => {
    await context.refundModel.move(tx, refund, "ask");
  });
}

/** Writes down that a channel refused a refund, which is still asked about for a while. */
export async function recordRefundRefused(
  context: ServiceContext,
  refund: PayRefundRow,
  why: string,
): Promise<void> {
  const error = fitText(why, ERROR_LENGTH_MAX);
  const expect = { state: REFUND_STATE.processing };
  await context.refundModel.update(refund.id, { error }, { expect });
}

/** What a refund says that its channel can make no further by itself. */
export const STUCK =
  "the channel cannot send the money to the buyer: somebody has to see to it at the channel's own pages";

/** Writes down that a refund waits for somebody at its channel, which is asked about it on. */
export async function recordRefundStuck(context: ServiceContext, refund: PayRefundRow): Promise<void> {
  if (refund.error === STUCK) return;
  await context.refundModel.update(
    refund.id,
    { error: STUCK },
    { expect: { state: REFUND_STATE.processing } },
  );
}

/** Writes down that a refund was made: amounts, books, and the job that informs the order. */
export async function recordRefunded(
  context: ServiceContext,
  refund: PayRefundRow,
  channelRefundNo: string,
): Promise<void> {
  const made = await context.database.transaction(async (tx) => {
    const subject = await lockRefund(context, tx, refund);
    return (await finishRefund(context, tx, subject, channelRefundNo)) ? subject : undefined;
  });
  if (made !== undefined) countRefunded(context, made);
}

/** Counts a refund that was made, once its transaction has been committed. */
export function countRefunded({ metrics }: ServiceContext, { attempt, refund }: RefundSubject): void {
  const money = { amount: refund.amount, currency: attempt.receivedCurrency };
  metrics.refunded(attempt.source, refund.cause, money);
}

/** As recordRefunded, in the caller's transaction; false where that was known. */
export async function finishRefund(
  context: ServiceContext,
  tx: Transaction,
  subject: RefundSubject,
  channelRefundNo: string,
): Promise<boolean> {
  const { refund } = subject;
  if (refundMoved(refund.state, "succeed") === undefined) return false;
  await mustMove(context.refundModel.move(tx, refund, "succeed", { channelRefundNo, error: "" }));
  await bookRefund(context, tx, subject);
  if (isOfSuccess(refund.cause)) await settleReserved(context, tx, subject);
  return true;
}

/**
 * Writes down that a channel did not make a refund. Who asked for it may ask again; money that is not ours to keep
 * is somebody's to send back.
 */
export async function recordRefundFailed(
  context: ServiceContext,
  refund: PayRefundRow,
  why: string,
): Promise<void> {
  const error = fitText(why, ERROR_LENGTH_MAX);
  const source = await context.database.transaction(async (tx) => {
    const subject = await lockRefund(context, tx, refund);
    if (refund.cause === REFUND_CAUSE.request) await failRefund(context, tx, subject, error);
    else await context.refundModel.move(tx, subject.refund, "handOver", { error });
    return subject.attempt.source;
  });
  context.metrics.refundFailed(source, refund.cause);
}

/**
 * Ends a refund that somebody asked for and that was not made: what it had reserved is free again, and goes back for
 * good if the order is gone.
 */
export async function failRefund(
  { refundModel, payModel, jobs }: ServiceContext,
  tx: Transaction,
  { pay, refund }: RefundSubject,
  error: string,
): Promise<void> {
  if (!(await refundModel.move(tx, refund, "fail", { error }))) return;
  const refundingAmount = pay.refundingAmount - refund.amount;
  await mustMove(payModel.change(tx, pay, { refundingAmount }));
  await jobs.orderPaid(tx, pay.id, `refund-${refund.id}`);
}

async function settleReserved(
  { payModel, jobs }: ServiceContext,
  tx: Transaction,
  { pay, attempt, refund }: RefundSubject,
): Promise<void> {
  const refundedAmount = pay.refundedAmount + refund.amount;
  const refundingAmount = pay.refundingAmount - refund.amount;
  const isAll = refundedAmount >= attempt.receivedAmount;
  const move = isAll ? "refundAll" : "refundPart";
  await mustMove(payModel.move(tx, pay, move, { refundedAmount, refundingAmount }));
  if (isAll) await jobs.orderRefunded(tx, pay.id);
}

function bookRefund(
  { ledger }: ServiceContext,
  tx: Transaction,
  { pay, attempt, refund }: RefundSubject,
): Promise<void> {
  const from = isOfSuccess(refund.cause) ? ACCOUNT.sales : ACCOUNT.suspense;
  return ledger.post(tx, {
    key: `refund:${refund.id}`,
    payId: pay.id,
    currency: attempt.receivedCurrency,
    lines: [
      { account: from, debit: refund.amount },
      { account: ACCOUNT.channel(attempt.channel), credit: refund.amount },
    ],
  });
}
