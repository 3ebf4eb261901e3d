import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "../context.ts";
import { refundExceeds } from "../errors.ts";
import type { Subject } from "./lock-subject.ts";
import { beginRefund, type NewRefund } from "./return-money.ts";

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
