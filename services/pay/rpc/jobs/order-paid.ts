import type { Call } from "@mall/kit/context";
import { mayRefund, PAY_STATUS } from "../../model/pay-state.ts";
import { REFUND_CAUSE } from "../../model/refund-state.ts";
import type { ServiceContext } from "../context.ts";
import { giveBackRest } from "../decisions/give-back-rest.ts";
import { notDecidedYet } from "../errors.ts";
import { tellOrderPaid } from "../tell-order.ts";
import type { PayPayload } from "./pay-jobs.ts";

/**
 * Tells the order that it is paid. One that cannot be had any more costs nothing: all that came for it goes back, and
 * from then on the order is not tried again. Where all went back already there is nothing to tell.
 *
 * @throws AppError ABORTED NOT_DECIDED_YET for a payment without its success, which may yet have it.
 */
export async function orderPaid(context: ServiceContext, call: Call, { payId }: PayPayload): Promise<void> {
  const pay = await context.payModel.findOne(payId);
  if (pay?.status === PAY_STATUS.refunded) return;
  if (pay === undefined || !mayRefund(pay.status)) throw notDecidedYet();
  const isGone = (await context.refundModel.findByCause(payId, REFUND_CAUSE.orderGone)).length > 0;
  if (isGone || (await tellOrderPaid(context, call, pay.oid)) === "gone") await giveBackRest(context, payId);
}
