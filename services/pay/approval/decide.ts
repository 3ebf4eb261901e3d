import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { APPROVAL_STATE, approvalState, type PayApprovalRow } from "../model/pay-approval-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import {
  approvalDecided,
  approvalExpired,
  approvalNotFound,
  approvalOwn,
  approvalUnnamed,
} from "../rpc/errors.ts";

/** How somebody decides about what waits for a second person. */
interface Decision {
  readonly state: typeof APPROVAL_STATE.approved | typeof APPROVAL_STATE.rejected;
  readonly reason: string;
}

/** @throws AppError NOT_FOUND APPROVAL_NOT_FOUND. */
export async function findApproval({ approvalModel }: ServiceContext, id: number): Promise<PayApprovalRow> {
  const approval = await approvalModel.findOne(id);
  if (approval === undefined) throw approvalNotFound();
  return approval;
}

/** True where it was decided this way before, by the same person: asked again, nothing happens. */
export function isDecidedSo(call: Call, approval: PayApprovalRow, state: number): boolean {
  return approval.state === state && approval.decidedBy === call.actor?.who;
}

/**
 * Who may decide, by name. Whoever wants the money moved may take that back, and not approve it.
 *
 * @throws AppError where the caller may not decide, or nothing waits any more.
 */
export function checkDecider(
  { runtime }: Pick<ServiceContext, "runtime">,
  call: Call,
  approval: PayApprovalRow,
  state: Decision["state"],
): string {
  const decidedBy = call.actor?.who;
  if (decidedBy === undefined) throw approvalUnnamed();
  if (state === APPROVAL_STATE.approved && decidedBy === approval.requestedBy) throw approvalOwn();
  const stands = approvalState(approval, runtime.now());
  if (stands === APPROVAL_STATE.expired) throw approvalExpired();
  if (stands !== APPROVAL_STATE.open) throw approvalDecided();
  return decidedBy;
}

/**
 * Ends what waits, in the transaction of its act; of two who decide at once one does.
 *
 * @throws AppError as checkDecider.
 */
export async function decide(
  context: ServiceContext,
  tx: Transaction,
  call: Call,
  { approval, state, reason }: Decision & { readonly approval: PayApprovalRow },
): Promise<PayApprovalRow> {
  const { approvalModel } = context;
  const decidedBy = checkDecider(context, call, approval, state);
  if (!(await approvalModel.end(tx, approval.id, { state, decidedBy, decidedReason: reason })))
    throw approvalDecided();
  const ended = await approvalModel.findOne(approval.id, tx);
  if (ended === undefined) throw approvalNotFound();
  return ended;
}
