import { mayRefund } from "../../model/pay-state.ts";
import { REFUND_CAUSE } from "../../model/refund-state.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import { AUTOMATIC } from "../names.ts";
import { reserveRefund } from "./reserve-refund.ts";
import { successOf } from "./success-of.ts";

/** Sends back what is left of a success whose order cannot be had; nothing where nothing is left. */
export async function giveBackRest(context: ServiceContext, payId: number): Promise<void> {
  await context.database.transaction(async (tx) => {
    const pay = await context.payModel.lockOne(payId, tx);
    if (pay === undefined) throw payNotFound();
    if (!mayRefund(pay.status)) return;
    const attempt = await successOf(context, tx, pay);
    const amount = attempt.receivedAmount - pay.refundedAmount - pay.refundingAmount;
    if (amount <= 0) return;
    const refundNo = `${AUTOMATIC.orderGone}${attempt.outTradeNo}`;
    await reserveRefund(context, tx, { pay, attempt }, { refundNo, amount, cause: REFUND_CAUSE.orderGone });
  });
}
