import type { Call } from "@mall/kit/call";
import { decide, findApproval, isDecidedSo } from "../../approval/decide.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { APPROVAL_STATE } from "../../model/pay-approval-model.ts";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalRejectRequest } from "../gen/pay.ts";
import { toApproval } from "./approval-list.ts";

/** Ends what waits for a second person without doing it; also for whoever asked for it and thought again. */
export async function approvalReject(
  context: ServiceContext,
  call: Call,
  request: ApprovalRejectRequest,
): Promise<Approval> {
  return context.idempotency.once<Approval>(call, request, async (commit) => {
    const approval = await findApproval(context, request.id);
    const now = context.runtime.now();
    const told = { answer: toApproval(approval, now) };
    if (isDecidedSo(call, approval, APPROVAL_STATE.rejected)) return commit.statement(async () => told);
    return commit.transaction(async (tx) => {
      const act = { tx, payId: approval.payId, approvalId: approval.id, alsoUnnamed: true } as const;
      const decision = { approval, state: APPROVAL_STATE.rejected, reason: request.reason };
      const ended = await actOnPay(context, call, act, () => decide(context, tx, call, decision));
      return { answer: toApproval(ended, now) };
    });
  });
}
