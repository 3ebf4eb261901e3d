import type { PayRow } from "../model/pay-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { payAlreadyPaid, payClosed, payExpired, payHeld } from "./errors.ts";
import { isDue } from "./pay-end.ts";

/**
 * Lets only a payment pass that waits for money.
 *
 * @throws AppError ABORTED that says why it does not.
 */
export function checkOpen(pay: PayRow, now: number): void {
  if (pay.status === PAY_STATUS.closed) throw payClosed();
  if (pay.status === PAY_STATUS.held) throw payHeld();
  if (pay.status !== PAY_STATUS.created) throw payAlreadyPaid();
  if (isDue(pay, now)) throw payExpired();
}
