import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import type { PayApprovalRow } from "../model/pay-approval-model.ts";
import { prepareDecision } from "../receipt/decide-held.ts";
import { requestRefund } from "../refund/begin-refund.ts";
import { countRefunded } from "../refund/finish-refund.ts";
import { settleRefund } from "../refund/settle-refund.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { refundNotFound } from "../rpc/errors.ts";
import { approved, MONEY_ACT } from "./consent.ts";

/** Does an act in the transaction that approves it; gives what is done once that stands. */
type ApprovedAct = (tx: Transaction) => Promise<(() => Promise<void> | void) | undefined>;

/** Makes ready what was asked for: neighbours and channels are asked before the transaction. */
export async function approvedAct(
  context: ServiceContext,
  call: Call,
  approval: PayApprovalRow,
): Promise<ApprovedAct> {
  const { act, payId: id } = approval;
  if (act === MONEY_ACT.refund) return refund(context, approval);
  if (act === MONEY_ACT.settle) return settle(context, approval);
  const decision = act === MONEY_ACT.accept ? "accept" : "refund";
  const decideHeld = await prepareDecision(context, call, { id, decision });
  return async (tx) => {
    const { told } = await decideHeld(tx, approved);
    return told && (() => told.settled());
  };
}

function refund(
  context: ServiceContext,
  { payId: id, refundNo, amount, reason, requestedUid: requestedBy }: PayApprovalRow,
): ApprovedAct {
  return async (tx) => {
    await requestRefund(context, tx, { id, refundNo, amount, reason, requestedBy }, approved);
    return undefined;
  };
}

async function settle(context: ServiceContext, { refundNo }: PayApprovalRow): Promise<ApprovedAct> {
  const row = await context.refundModel.findOneByRefundNo(refundNo);
  if (row === undefined) throw refundNotFound();
  return async (tx) => {
    const { made } = await settleRefund(context, tx, { refund: row, succeeded: true }, approved);
    return made && (() => countRefunded(context, made));
  };
}
