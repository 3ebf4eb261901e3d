import type { Transaction } from "@mall/kit/store";
import { MONEY_ACT } from "../approval/consent.ts";
import { mustMove } from "../intent/lock.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { mayRefund } from "../model/pay-state.ts";
import { REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { failRefund } from "./fail-refund.ts";
import { lockRefund, type RefundSubject } from "./lock-refund.ts";

/**
 * Sets aside once more what a refund has taken that was given up and was made after all. Where mall itself wanted the
 * same money to go back, and somebody is to send it by hand, that is no longer needed: what is then left goes back by
 * itself, once the order has said again that it cannot be had.
 *
 * @returns the refund as it is then; undefined where less is left than it took, and nothing was changed.
 */
export async function reserveAnew(
  context: ServiceContext,
  tx: Transaction,
  { pay, attempt, refund }: RefundSubject,
): Promise<RefundSubject | undefined> {
  if (!mayRefund(pay.status)) return undefined;
  let left = attempt.receivedAmount - pay.refundedAmount - pay.refundingAmount;
  const needless: PayRefundRow[] = [];
  const saidMade = await findSaidMade(context, tx, pay.id);
  for (const each of await context.refundModel.findByAttempt(attempt.id, tx)) {
    if (left >= refund.amount) break;
    if (each.state !== REFUND_STATE.byHand || each.cause !== REFUND_CAUSE.orderGone) continue;
    if (each.refundNo === saidMade) continue;
    needless.push(each);
    left += each.amount;
  }
  if (left < refund.amount) return undefined;
  const error = `refund ${refund.refundNo} was made after all`;
  for (const each of needless) await failRefund(context, tx, await lockRefund(context, tx, each), error);
  const part = { amount: refund.amount, limit: attempt.receivedAmount };
  await mustMove(context.payModel.reserve(tx, pay.id, part));
  return lockRefund(context, tx, refund);
}

/** The refund by hand whose money is gone as somebody says, while a second person has not approved that. */
async function findSaidMade(
  { approvalModel }: ServiceContext,
  tx: Transaction,
  payId: number,
): Promise<string | undefined> {
  const asked = await approvalModel.findOpen(payId, tx);
  return asked?.act === MONEY_ACT.settle ? asked.refundNo : undefined;
}
