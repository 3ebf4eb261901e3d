import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import { approvalState, type PayApprovalRow } from "../../model/pay-approval-model.ts";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalListRequest, ApprovalListResponse } from "../gen/pay.ts";

/** A page of what waits for a second person, or waited, newest first. */
export async function approvalList(
  { approvalModel, runtime }: Pick<ServiceContext, "approvalModel" | "runtime">,
  _call: Call,
  { id, status, before, limit }: ApprovalListRequest,
): Promise<ApprovalListResponse> {
  const page = { payId: id, state: status, before: before || undefined, limit: pageLimit(limit) };
  const rows = await approvalModel.findPage(page);
  return { data: rows.map((row) => toApproval(row, runtime.now())) };
}

/** As the contract tells it. */
export function toApproval(row: PayApprovalRow, now: number): Approval {
  const { id, payId, act, refundNo, amount, currency, reason, requestedBy, decidedBy, decidedReason } = row;
  return {
    ...{ id, payId, act, refundNo, amount, currency, reason, requestedBy, decidedBy, decidedReason },
    status: approvalState(row, now),
    createTime: seconds(row.requestedAt),
    expireTime: seconds(row.expiresAt),
    decidedTime: seconds(row.decidedAt),
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
