import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import { toRefund } from "../../refund/begin-refund.ts";
import type { ServiceContext } from "../context.ts";
import { refundNotFound } from "../errors.ts";
import type { RefundListRequest, RefundListResponse } from "../gen/pay.ts";

/** A page of refunds, in a state where that is asked for, newest first. */
export async function refundList(
  context: ServiceContext,
  _call: Call,
  request: RefundListRequest,
): Promise<RefundListResponse> {
  const { status } = request;
  const limit = pageLimit(request.limit);
  const before = request.before === "" ? 0 : await idOf(context, request.before);
  const refunds = await context.refundModel.findPage({ state: status, before, limit });
  const data = refunds.map(async (refund) => {
    const attempt = await context.attemptModel.findOne(refund.attemptId);
    return toRefund(refund, attempt);
  });
  return { data: await Promise.all(data) };
}

async function idOf({ refundModel }: ServiceContext, refundNo: string): Promise<number> {
  const refund = await refundModel.findOneByRefundNo(refundNo);
  if (refund === undefined) throw refundNotFound();
  return refund.id;
}
