import type { RowTransaction, Transaction } from "@mall/kit/store";
import { CALLBACK_CHANNEL } from "../attempt/told-attempt.ts";
import type { Subject } from "../intent/lock.ts";
import type { PayAttempt } from "../model/pay-attempt-model.ts";
import { REFUND_STATE, type RefundCause } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { refundExceeds } from "../rpc/errors.ts";

/** What the numbers of refunds begin with that nobody asked for; the number of the attempt follows. */
export const AUTOMATIC = {
  /** Of money that is not its payment's success. */
  surplus: "back-",
  /** Of the success of an order that cannot be had. */
  orderGone: "gone-",
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
