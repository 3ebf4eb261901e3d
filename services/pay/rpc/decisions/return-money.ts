import type { RowTransaction } from "@mall/kit/store";
import type { PayAttempt } from "../../model/pay-attempt-model.ts";
import { REFUND_STATE, type RefundCause } from "../../model/refund-state.ts";
import type { ServiceContext } from "../context.ts";
import { AUTOMATIC, CALLBACK_CHANNEL } from "../names.ts";

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
export async function beginRefund(
  { refundModel, jobs }: ServiceContext,
  tx: RowTransaction,
  attempt: PayAttempt,
  refund: NewRefund,
): Promise<number> {
  const isByHand = attempt.channel === CALLBACK_CHANNEL;
  const state = isByHand ? REFUND_STATE.byHand : REFUND_STATE.reserved;
  const id = await refundModel.insert({ ...refund, payId: attempt.payId, attemptId: attempt.id, state }, tx);
  if (!isByHand) await jobs.refund(tx, id);
  return id;
}
