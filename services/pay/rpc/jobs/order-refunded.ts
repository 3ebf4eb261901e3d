import type { Call } from "@mall/kit/call";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { notDecidedYet } from "../errors.ts";
import { tellOrderRefunded } from "../tell-order.ts";
import type { PayPayload } from "./pay-jobs.ts";

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
