import type { Transaction } from "@mall/kit/store";
import type { PayRow } from "../../model/pay-model.ts";
import { PAY_STATUS } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { isDue } from "../pay-end.ts";
import { mustMove } from "./must-move.ts";

/**
 * Closes a payment, locked by the transaction, whose time is over: not before no attempt may bring money any more.
 * Its order is cancelled by what follows.
 *
 * @returns whether it is closed now.
 */
export async function closeDue(
  { payModel, attemptModel, jobs, runtime }: ServiceContext,
  tx: Transaction,
  pay: PayRow,
): Promise<boolean> {
  if (pay.status !== PAY_STATUS.created || !isDue(pay, runtime.now())) return false;
  if ((await attemptModel.findOpen(pay.id, tx)).length > 0) return false;
  await mustMove(payModel.move(tx, pay, "close"));
  await jobs.orderCancel(tx, pay.id);
  return true;
}
