import { fitText, type Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { type PayRefundRow, REFUND_ERROR_LENGTH_MAX } from "../model/pay-refund-model.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { lockRefund, type RefundSubject } from "./lock-refund.ts";

/**
 * Writes down that a channel did not make a refund. Who asked for it may ask again; money that is not ours to keep
 * is somebody's to send back.
 */
export async function recordRefundFailed(
  context: ServiceContext,
  refund: PayRefundRow,
  why: string,
): Promise<void> {
  const error = fitText(why, REFUND_ERROR_LENGTH_MAX);
  const source = await context.database.transaction(async (tx) => {
    const subject = await lockRefund(context, tx, refund);
    const isEnded =
      refund.cause === REFUND_CAUSE.request
        ? await failRefund(context, tx, subject, error)
        : await context.refundModel.move(tx, subject.refund, "handOver", { error });
    return isEnded ? subject.attempt.source : undefined;
  });
  if (source !== undefined) context.metrics.refundFailed(source, refund.cause);
}

/**
 * Ends a refund that somebody asked for and that was not made: what it had reserved is free again, and goes back for
 * good if the order is gone.
 *
 * @returns false where it was over already.
 */
export async function failRefund(
  { refundModel, payModel, jobs }: ServiceContext,
  tx: Transaction,
  { pay, refund }: RefundSubject,
  error: string,
): Promise<boolean> {
  if (!(await refundModel.move(tx, refund, "fail", { error }))) return false;
  const refundingAmount = pay.refundingAmount - refund.amount;
  await mustMove(payModel.change(tx, pay, { refundingAmount }));
  await jobs.orderPaid(tx, pay.id, `refund-${refund.id}`);
  return true;
}
