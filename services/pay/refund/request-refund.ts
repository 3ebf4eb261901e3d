import { unixSeconds } from "@mall/kit/runtime";
import { DuplicateKeyError, type Transaction } from "@mall/kit/store";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { mayRefund } from "../model/pay-state.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import { successOf } from "../receipt/success-of.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound, payNotRefundable, refundNotFound, refundNoUsed } from "../rpc/errors.ts";
import type { RefundDetailResponse, RefundRequest } from "../rpc/gen/pay.ts";
import { reserveRefund } from "./begin-refund.ts";

/**
 * Begins the refund that somebody asks for, or finds it.
 *
 * @throws AppError where the payment has no such money, or the number is another refund's.
 */
export async function requestRefund(
  context: ServiceContext,
  tx: Transaction,
  { id, refundNo, amount, reason, requestedBy }: RefundRequest,
): Promise<RefundDetailResponse> {
  const pay = await context.payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  const earlier = await context.refundModel.findByNo(refundNo, tx);
  if (earlier !== undefined) {
    if (earlier.payId !== id || earlier.amount !== amount) throw refundNoUsed();
    const attempt = await context.attemptModel.findOne(earlier.attemptId, tx);
    return toRefund(earlier, attempt?.channel ?? "");
  }
  if (!mayRefund(pay.status)) throw payNotRefundable();
  const attempt = await successOf(context, tx, pay);
  const asked = { refundNo, amount, cause: REFUND_CAUSE.request, reason, requestedBy };
  try {
    const refundId = await reserveRefund(context, tx, { pay, attempt }, asked);
    const refund = await context.refundModel.findOne(refundId, tx);
    if (refund === undefined) throw refundNotFound();
    return toRefund(refund, attempt.channel);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw refundNoUsed();
    throw error;
  }
}

/** A refund as the contract tells it. */
export function toRefund(refund: PayRefundRow, channel: string): RefundDetailResponse {
  const { id: _id, payId, attemptId: _attempt, state, createTime, updateTime: _updated, ...told } = refund;
  return { ...told, id: payId, status: state, channel, createTime: unixSeconds(createTime) };
}
