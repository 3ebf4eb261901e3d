import type { Transaction } from "@mall/kit/store";
import { mustMove, type Subject } from "../intent/lock.ts";
import type { PayRow } from "../model/pay-model.ts";
import { mayRefund } from "../model/pay-state.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import { successOf } from "../receipt/success-of.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound } from "../rpc/errors.ts";
import { AUTOMATIC, reserveRefund } from "./begin-refund.ts";

/** Sends back what is left of a success whose order cannot be had; nothing where nothing is left. */
export async function giveBackRest(context: ServiceContext, payId: number): Promise<void> {
  await context.database.transaction(async (tx) => {
    const pay = await context.payModel.lockOne(payId, tx);
    if (pay === undefined) throw payNotFound();
    if (!mayRefund(pay.status)) return;
    await returnRest(context, tx, { pay, attempt: await successOf(context, tx, pay) });
  });
}

/** As giveBackRest, in the caller's transaction, which has locked the paid payment. */
export async function returnRest(
  context: ServiceContext,
  tx: Transaction,
  { pay, attempt }: Subject,
): Promise<void> {
  if (attempt.receivedAmount === 0) return endFree(context, tx, pay);
  const amount = attempt.receivedAmount - pay.refundedAmount - pay.refundingAmount;
  if (amount <= 0) return;
  const cause = REFUND_CAUSE.orderGone;
  const earlier = await context.refundModel.findByCause(pay.id, cause, tx);
  // Another part is left where somebody's refund was not made after the first had begun.
  const part = earlier.length === 0 ? "" : `-${earlier.length + 1}`;
  const refundNo = `${AUTOMATIC.orderGone}${attempt.outTradeNo}${part}`;
  await reserveRefund(context, tx, { pay, attempt }, { refundNo, amount, cause });
}

/** Where nothing came nothing goes back, and the order and its pieces hear the same as if it had. */
async function endFree({ payModel, jobs }: ServiceContext, tx: Transaction, pay: PayRow): Promise<void> {
  await mustMove(payModel.move(tx, pay, "refundAll"));
  await jobs.orderRefunded(tx, pay.id);
}
