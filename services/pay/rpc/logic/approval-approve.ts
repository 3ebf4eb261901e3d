import type { Call } from "@mall/kit/call";
import { approvedAct } from "../../approval/approved-act.ts";
import { checkDecider, decide, findApproval, isDecidedSo } from "../../approval/decide.ts";
import { actOnPay } from "../../intent/act-on-pay.ts";
import { APPROVAL_STATE } from "../../model/pay-approval-model.ts";
import type { ServiceContext } from "../context.ts";
import type { Approval, ApprovalApproveRequest } from "../gen/pay.ts";
import { toApproval } from "./approval-list.ts";

/**
 * Does what somebody else wants done with more money than one person may move alone: the act and its approval are one
 * transaction, so that it is done once, whoever approves at the same time and whatever crashes.
 */
export async function approvalApprove(
  context: ServiceContext,
  call: Call,
  request: ApprovalApproveRequest,
): Promise<Approval> {
  return context.idempotency.once<Approval>(call, request, async (commit) => {
    const approval = await findApproval(context, request.id);
    const told = { answer: toApproval(approval, context.runtime.now()) };
    if (isDecidedSo(call, approval, APPROVAL_STATE.approved)) return commit.statement(async () => told);
    checkDecider(context, call, approval, APPROVAL_STATE.approved);
    const doIt = await approvedAct(context, call, approval);
    return commit.transaction(async (tx) => {
      const { payId, refundNo, id: approvalId } = approval;
      const act = { tx, payId, approvalId, alsoUnnamed: true, ...(refundNo !== "" && { refundNo }) } as const;
      return actOnPay(context, call, act, async () => {
        const decision = { approval, state: APPROVAL_STATE.approved, reason: "" };
        const ended = await decide(context, tx, call, decision);
        return { answer: toApproval(ended, context.runtime.now()), after: await doIt(tx) };
      });
    });
  });
}
