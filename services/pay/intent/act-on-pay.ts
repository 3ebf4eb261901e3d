import type { Facts } from "@mall/kit/audit";
import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { approvalFacts } from "../approval/approval-facts.ts";
import type { ServiceContext } from "../rpc/context.ts";

/** What somebody does about a payment by a call, in the transaction that decides it. */
interface PayAct {
  readonly tx: Transaction;
  readonly payId: number;
  /** The refund that it is about. */
  readonly refundNo?: string;
  /** What a second person decides about, whose act it is. */
  readonly approvalId?: number;
  /** As in an audit's Act. */
  readonly alsoUnnamed?: true;
}

/** Does `work`, and writes down in its transaction what staff changed of a payment by it. */
export function actOnPay<T>(
  context: ServiceContext,
  call: Call,
  act: PayAct,
  work: () => Promise<T>,
): Promise<T> {
  const { tx, payId, alsoUnnamed } = act;
  const look = () => payFacts(context, act);
  const recorded = { subject: `pay/${payId}`, look, ...(alsoUnnamed && { alsoUnnamed }) };
  return context.audit.record(tx, call, recorded, work);
}

/** The payment is locked first, as by all that decides about it. */
async function payFacts(context: ServiceContext, act: PayAct): Promise<Facts | undefined> {
  const { payModel, refundModel, approvalModel } = context;
  const { tx, payId, refundNo, approvalId } = act;
  const pay = await payModel.lockOne(payId, tx);
  if (pay === undefined) return undefined;
  const { status, amount, source, expireTime, paidTime, refundedAmount, refundingAmount, heldReason } = pay;
  const approval = approvalId === undefined ? undefined : await approvalModel.findOne(approvalId, tx);
  const facts = {
    ...{ status, amount, source, expireTime, paidTime, refundedAmount, refundingAmount, heldReason },
    ...(approval && approvalFacts(approval)),
  };
  if (refundNo === undefined) return facts;
  const refund = await refundModel.findByNo(refundNo, tx);
  if (refund?.payId !== payId) return facts;
  return {
    ...facts,
    refundNo,
    refundAmount: refund.amount,
    refundState: refund.state,
    reason: refund.reason,
  };
}
