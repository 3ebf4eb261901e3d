import { unixSeconds } from "@mall/kit/runtime";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import type { RefundDetailResponse } from "../rpc/gen/pay.ts";

/** A refund as the contract tells it. */
export function toRefund(refund: PayRefundRow, channel: string): RefundDetailResponse {
  const { id: _id, payId, attemptId: _attempt, state, createTime, updateTime: _updated, ...told } = refund;
  return { ...told, id: payId, status: state, channel, createTime: unixSeconds(createTime) };
}
