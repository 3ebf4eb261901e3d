import type { Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { isOfSuccess, REFUND_STATE, refundMoved } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { lockRefund, type RefundSubject } from "./lock-refund.ts";
import { reserveAnew } from "./reserve-anew.ts";

/** What became of the news that a refund was made: `no room` where others have taken what it took, and it must wait. */
export type RefundEnd = "made" | "known" | "no room";

/** Writes down that a refund was made: amounts, books, and the job that informs the order. */
export async function recordRefunded(
  context: ServiceContext,
  refund: PayRefundRow,
  channelRefundNo: string,
): Promise<RefundEnd> {
  const { subject, end } = await context.database.transaction(async (tx) => {
    const subject = await lockRefund(context, tx, refund);
    return { subject, end: await finishRefund(context, tx, subject, channelRefundNo) };
  });
  if (end === "made") countRefunded(context, subject);
  return end;
}

/** Counts a refund that was made, once its transaction has been committed. */
export function countRefunded({ metrics }: ServiceContext, { attempt, refund }: RefundSubject): void {
  const money = { amount: refund.amount, currency: attempt.receivedCurrency };
  metrics.refunded(attempt.source, refund.cause, money);
}

/** As recordRefunded, in the caller's transaction, which has locked the refund. */
export async function finishRefund(
  context: ServiceContext,
  tx: Transaction,
  subject: RefundSubject,
  channelRefundNo: string,
): Promise<RefundEnd> {
  if (refundMoved(subject.refund.state, "succeed") === undefined) return "known";
  const reserved =
    subject.refund.state === REFUND_STATE.failed ? await reserveAnew(context, tx, subject) : subject;
  if (reserved === undefined) return "no room";
  const { refund } = reserved;
  await mustMove(context.refundModel.move(tx, refund, "succeed", { channelRefundNo, error: "" }));
  await bookRefund(context, tx, reserved);
  if (isOfSuccess(refund.cause)) await settleReserved(context, tx, reserved);
  return "made";
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
