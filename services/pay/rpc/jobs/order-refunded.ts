import type { Call } from "@mall/kit/context";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { tellOrderRefunded } from "../tell-order.ts";
import type { PayPayload } from "./pay-jobs.ts";

/** Tells an order that all its money went back. */
export async function orderRefunded(
  context: ServiceContext,
  call: Call,
  { payId }: PayPayload,
): Promise<void> {
  const pay = await context.payModel.findOne(payId);
  if (pay?.status === PAY_STATUS.refunded) await tellOrderRefunded(context, call, pay.oid);
}
