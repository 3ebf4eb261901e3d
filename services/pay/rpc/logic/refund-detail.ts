import type { Call } from "@mall/kit/call";
import { toRefund } from "../../refund/begin-refund.ts";
import type { ServiceContext } from "../context.ts";
import { refundNotFound } from "../errors.ts";
import type { RefundDetailRequest, RefundDetailResponse } from "../gen/pay.ts";

/** One refund. */
export async function refundDetail(
  context: ServiceContext,
  _call: Call,
  request: RefundDetailRequest,
): Promise<RefundDetailResponse> {
  const refund = await context.refundModel.findOneByRefundNo(request.refundNo);
  if (refund === undefined) throw refundNotFound();
  const attempt = await context.attemptModel.findOne(refund.attemptId);
  return toRefund(refund, attempt);
}
