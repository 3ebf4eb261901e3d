import type { RowTransaction } from "@mall/kit/store";
import type { PayAttempt, PayAttemptRow, UnwrittenAttempt } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound, payStateConflict } from "../rpc/errors.ts";

/** A payment, locked by the transaction that decides, and one of its attempts. */
export interface Subject {
  readonly pay: PayRow;
  readonly attempt: PayAttempt;
}

/** A payment, locked by the transaction that decides, and what its money came for. */
export interface Paid {
  readonly pay: PayRow;
  /** An attempt known only from the money is recorded with its outcome. */
  readonly attempt: PayAttempt | UnwrittenAttempt;
  /** All other attempts of the payment, read under its lock. */
  readonly others: readonly PayAttemptRow[];
}

/**
 * A payment and one of its attempts, for this transaction alone: whoever decides about a payment, an attempt or a
 * refund of it locks the payment's row first.
 */
export async function lockSubject(
  { payModel, attemptModel }: Pick<ServiceContext, "payModel" | "attemptModel">,
  tx: RowTransaction,
  { id, payId }: { readonly id: number; readonly payId: number },
): Promise<Subject> {
  const pay = await payModel.lockOne(payId, tx);
  const attempt = await attemptModel.findOne(id, tx);
  if (pay === undefined || attempt === undefined) throw payNotFound();
  return { pay, attempt };
}

/** The same with all other attempts of the payment, on which it depends what becomes of its money. */
export async function lockPaid(
  { payModel, attemptModel }: ServiceContext,
  tx: RowTransaction,
  { id, payId }: { readonly id: number; readonly payId: number },
): Promise<Paid> {
  const pay = await payModel.lockOne(payId, tx);
  const attempts = await attemptModel.findByPay(payId, tx);
  const attempt = attempts.find((each) => each.id === id);
  if (pay === undefined || attempt === undefined) throw payNotFound();
  return { pay, attempt, others: attempts.filter((each) => each !== attempt) };
}

/**
 * Demands a compare-and-set that cannot fail where the server's locks hold, because the transaction holds the payment's
 * row and everything about a payment is decided by who holds it. Where it fails nothing of the transaction stays.
 *
 * @throws AppError ABORTED PAY_STATE_CONFLICT
 */
export async function mustMove(moved: Promise<boolean>): Promise<void> {
  if (!(await moved)) throw payStateConflict();
}
