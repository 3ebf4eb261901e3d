import type { Call } from "@mall/kit/call";
import { refuseDuplicate, type Transaction } from "@mall/kit/store";
import { APPROVAL_STATE, approvalState, type PayApprovalRow } from "../model/pay-approval-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { approvalPending } from "../rpc/errors.ts";
import { approvalFacts } from "./approval-facts.ts";

/** What may need a second person. */
export const MONEY_ACT = {
  refund: "refund",
  /** A refund by hand was made. */
  settle: "settle",
  /** Held money is the payment's success, or goes back. */
  accept: "accept",
  giveBack: "give_back",
} as const;

type MoneyAct = (typeof MONEY_ACT)[keyof typeof MONEY_ACT];

/** Money that somebody is about to move by hand, of a payment that is locked. */
interface MovedMoney {
  readonly act: MoneyAct;
  readonly pay: PayRow;
  readonly amount: number;
  readonly currency: string;
  /** What of the same payment went back before: parts count together. */
  readonly earlier?: number;
  readonly refundNo?: string;
  readonly reason?: string;
  /** User whose refund it is. */
  readonly requestedUid?: number;
}

/** Lets an act pass, or gives what waits for a second person in its place. */
export type Consent = (tx: Transaction, money: MovedMoney) => Promise<PayApprovalRow | undefined>;

/** Of an act that a second person has approved. */
export const approved: Consent = async () => undefined;

/**
 * The consent that a caller's act needs: up to the limit none, above it a second person's, who is asked in the
 * transaction of the act. Money in another currency than the shop's is above every limit.
 */
export function consentFor(context: ServiceContext, call: Call): Consent {
  const { above } = context.approval;
  return async (tx, money) => {
    const { amount, earlier = 0, currency } = money;
    const isSmall = currency === context.currency && amount + earlier <= above;
    return above === 0 || isSmall ? undefined : askSecond(context, tx, call, money);
  };
}

/** @throws AppError ABORTED APPROVAL_PENDING where something else waits about the payment. */
async function askSecond(
  context: ServiceContext,
  tx: Transaction,
  call: Call,
  money: MovedMoney,
): Promise<PayApprovalRow> {
  const { approvalModel, runtime } = context;
  const open = await approvalModel.findOpen(money.pay.id, tx);
  if (open !== undefined) {
    if (approvalState(open, runtime.now()) === APPROVAL_STATE.open) return sameOr(open, money);
    await approvalModel.end(tx, open.id, { state: APPROVAL_STATE.expired });
  }
  const act = {
    subject: `pay/${money.pay.id}`,
    alsoUnnamed: true,
    look: async (asked: PayApprovalRow | undefined) => asked && approvalFacts(asked),
  } as const;
  return context.audit.record(tx, call, act, () => writeDown(context, tx, call, money));
}

function sameOr(open: PayApprovalRow, { act, amount, refundNo = "" }: MovedMoney): PayApprovalRow {
  if (open.act !== act || open.amount !== amount || open.refundNo !== refundNo) throw approvalPending();
  return open;
}

async function writeDown(
  { approvalModel, approval, runtime }: ServiceContext,
  tx: Transaction,
  call: Call,
  { act, pay, amount, currency, refundNo = "", reason = "", requestedUid = 0 }: MovedMoney,
): Promise<PayApprovalRow> {
  const requestedAt = runtime.now();
  const row = {
    ...{ payId: pay.id, openOf: pay.id, act, amount, currency, refundNo, reason, requestedUid },
    ...{ requestedBy: call.actor?.who ?? "", requestedAt, expiresAt: requestedAt + approval.expireMs },
  };
  const id = await refuseDuplicate(approvalModel.insert(row, tx), approvalPending);
  const written = await approvalModel.findOne(id, tx);
  if (written === undefined) throw approvalPending();
  return written;
}
