import type { Facts } from "@mall/kit/audit";
import { stateName } from "@mall/kit/states";
import { APPROVAL_STATE, type PayApprovalRow } from "../model/pay-approval-model.ts";

/** What the audit has of something that waits for a second person. */
export function approvalFacts({ id, act, amount, refundNo, state, requestedBy }: PayApprovalRow): Facts {
  return {
    ...{ approval: id, approvalAct: act, approvalAmount: amount, requestedBy },
    ...(refundNo !== "" && { approvalRefundNo: refundNo }),
    approvalState: stateName(APPROVAL_STATE, state),
  };
}
