import { payStateConflict } from "../errors.ts";

/**
 * Demands a compare-and-set that cannot fail, because the transaction holds the payment's row and everything about
 * a payment is decided by who holds it. If it fails nevertheless nothing of the transaction stays.
 *
 * @throws AppError ABORTED PAY_STATE_CONFLICT
 */
export async function mustMove(moved: Promise<boolean>): Promise<void> {
  if (!(await moved)) throw payStateConflict();
}
