import { unixSeconds } from "@mall/kit/runtime";
import { type RowTransaction, refuseDuplicate, type Transaction } from "@mall/kit/store";
import { type Consent, MONEY_ACT } from "../approval/consent.ts";
import { CALLBACK_CHANNEL } from "../attempt/told-attempt.ts";
import type { Subject } from "../intent/lock.ts";
import type { PayApprovalRow } from "../model/pay-approval-model.ts";
import type { PayAttempt, PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { mayRefund } from "../model/pay-state.ts";
import { REFUND_CAUSE, REFUND_STATE, type RefundCause } from "../model/refund-state.ts";
import { successOf } from "../receipt/success-of.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound, payNotRefundable, refundExceeds, refundNotFound, refundNoUsed } from "../rpc/errors.ts";
import type { RefundDetailResponse, RefundRequest } from "../rpc/gen/pay.ts";

/** What the numbers of refunds begin with that nobody asked for; the number of the attempt follows. */
export const AUTOMATIC = {
  /** Of money that is not its payment's success. */
  surplus: "back-",
  /** Of the success of an order that cannot be had. */
  orderGone: "gone-",
  /** Of a refund that came back; its id follows. */
  returned: "returned-",
} as const;

/** A refund that is to begin. */
export interface NewRefund {
  readonly refundNo: string;
  readonly amount: number;
  readonly cause: RefundCause;
  readonly reason?: string;
  /** User who asked for it; 0 for nobody. */
  readonly requestedBy?: number;
}

/** Sends back all that came for an attempt which is not its payment's success. */
export async function returnMoney(
  context: ServiceContext,
  tx: RowTransaction,
  attempt: PayAttempt,
  cause: RefundCause,
): Promise<void> {
  const amount = attempt.receivedAmount;
  if (amount === 0) return;
  const refundNo = `${AUTOMATIC.surplus}${attempt.outTradeNo}`;
  await beginRefund(context, tx, attempt, { refundNo, amount, cause });
}

/**
 * Writes a refund down and has it made.
 *
 * @returns the refund's id.
 * @throws DuplicateKeyError where the number is taken.
 */
async function beginRefund(
  { refundModel, jobs }: ServiceContext,
  tx: RowTransaction,
  attempt: PayAttempt,
  refund: NewRefund,
): Promise<number> {
  const isByHand = attempt.channel === CALLBACK_CHANNEL;
  const state = isByHand ? REFUND_STATE.byHand : REFUND_STATE.reserved;
  const id = await refundModel.insert({ ...refund, payId: attempt.payId, attemptId: attempt.id, state }, tx);
  if (!isByHand) await jobs.refund(tx, { id, channel: attempt.channel });
  return id;
}

/**
 * Sets aside a part of a payment's success and has it sent back.
 *
 * @returns the refund's id.
 * @throws AppError FAILED_PRECONDITION REFUND_EXCEEDS where less is left; DuplicateKeyError where the number is taken.
 */
export async function reserveRefund(
  context: ServiceContext,
  tx: Transaction,
  { pay, attempt }: Subject,
  refund: NewRefund,
): Promise<number> {
  const limit = attempt.receivedAmount;
  const isReserved = await context.payModel.reserve(tx, pay.id, { amount: refund.amount, limit });
  if (!isReserved) throw refundExceeds();
  return beginRefund(context, tx, attempt, refund);
}

/**
 * Begins the refund that somebody asks for, or finds it; where that needs a second person, nothing happens yet.
 *
 * @throws AppError where the payment has no such money, or the number is another refund's.
 */
export async function requestRefund(
  context: ServiceContext,
  tx: Transaction,
  { id, refundNo, amount, reason, requestedBy }: RefundRequest,
  consent: Consent,
): Promise<RefundDetailResponse> {
  const pay = await context.payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  const earlier = await context.refundModel.findByNo(refundNo, tx);
  if (earlier !== undefined) {
    if (earlier.payId !== id || earlier.amount !== amount) throw refundNoUsed();
    const attempt = await context.attemptModel.findOne(earlier.attemptId, tx);
    return toRefund(earlier, attempt);
  }
  if (!mayRefund(pay.status)) throw payNotRefundable();
  const attempt = await successOf(context, tx, pay);
  const earlierAmount = pay.refundedAmount + pay.refundingAmount;
  if (amount > attempt.receivedAmount - earlierAmount) throw refundExceeds();
  const asked = { refundNo, amount, cause: REFUND_CAUSE.request, reason, requestedBy };
  const money = { act: MONEY_ACT.refund, pay, earlier: earlierAmount, currency: attempt.receivedCurrency };
  const waits = await consent(tx, { ...money, ...asked, requestedUid: requestedBy });
  if (waits !== undefined) return waitingRefund(waits, attempt.channel);
  const refundId = await refuseDuplicate(reserveRefund(context, tx, { pay, attempt }, asked), refundNoUsed);
  const refund = await context.refundModel.findOne(refundId, tx);
  if (refund === undefined) throw refundNotFound();
  return toRefund(refund, attempt);
}

/** Of a refund that is none yet. */
const WAITS_FOR_SECOND = 5;

function waitingRefund(
  {
    id: approvalId,
    payId: id,
    refundNo,
    amount,
    currency,
    reason,
    requestedUid,
    requestedAt,
  }: PayApprovalRow,
  channel: string,
): RefundDetailResponse {
  return {
    ...{
      id,
      refundNo,
      amount,
      currency,
      reason,
      channel,
      cause: REFUND_CAUSE.request,
      status: WAITS_FOR_SECOND,
    },
    ...{ channelRefundNo: "", requestedBy: requestedUid, error: "", approvalId },
    createTime: Math.floor(requestedAt / 1000),
  };
}

/** A refund as the contract tells it, with the attempt whose money it is. */
export function toRefund(
  refund: PayRefundRow,
  attempt: Pick<PayAttemptRow, "channel" | "receivedCurrency"> | undefined,
): RefundDetailResponse {
  const { channel = "", receivedCurrency: currency = "" } = attempt ?? {};
  const { id: _id, payId, attemptId: _attempt, state, createTime, ...rest } = refund;
  const { updateTime: _updated, feeBack: _fee, ...told } = rest;
  return { ...told, id: payId, status: state, channel, currency, createTime: unixSeconds(createTime) };
}
