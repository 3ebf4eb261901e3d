import { payStateConflict } from "../errors.ts";

/**
 * Demands a compare-and-set that cannot fail where the server's locks hold, because the transaction holds the payment's
 * row and everything about a payment is decided by who holds it. Where it fails nothing of the transaction stays.
 *
 * @throws AppError ABORTED PAY_STATE_CONFLICT
 */
export async function mustMove(moved: Promise<boolean>): Promise<void> {
  if (!(await moved)) throw payStateConflict();
}
