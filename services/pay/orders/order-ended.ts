import type { Call } from "@mall/kit/call";
import { PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { PayPayload } from "../rpc/pay-jobs.ts";
import { cancelOrder, tellOrderRefunded } from "./tell-order.ts";

/**
 * Cancels the order of a payment that was closed. If money came after all, the order learns of that instead, by the
 * job of whoever decides about the money.
 *
 * @throws AppError ABORTED NOT_DECIDED_YET for a payment that is not closed yet.
 */
export async function orderCancel(context: ServiceContext, call: Call, { payId }: PayPayload): Promise<void> {
  const pay = await context.payModel.findOne(payId);
  if (pay === undefined || pay.status === PAY_STATUS.created) throw notDecidedYet();
  if (pay.status === PAY_STATUS.closed) await cancelOrder(context, call, pay.oid);
}

/**
 * Tells an order that all its money went back.
 *
 * @throws AppError ABORTED NOT_DECIDED_YET for a payment whose money is not all gone yet.
 */
export async function orderRefunded(
  context: ServiceContext,
  call: Call,
  { payId }: PayPayload,
): Promise<void> {
  const pay = await context.payModel.findOne(payId);
  if (pay?.status !== PAY_STATUS.refunded) throw notDecidedYet();
  await tellOrderRefunded(context, call, pay.oid);
}
