import type { Transaction } from "@mall/kit/store";
import type { PayRow } from "../../model/pay-model.ts";
import { mayRefund, PAY_STATUS, payMoved } from "../../model/pay-state.ts";
import type { ServiceContext } from "../context.ts";
import { payAmountMismatch, payNotFound, payStateConflict } from "../errors.ts";
import type { CallbackRequest } from "../gen/pay.ts";
import { newCallbackAttempt } from "./callback-attempt.ts";
import { successOf } from "./success-of.ts";
import { type Taken, takeMoney } from "./take-money.ts";

/**
 * Takes a success that a callback tells of; told again, nothing changes.
 *
 * @throws AppError ABORTED PAY_STATE_CONFLICT where the payment had another success.
 */
export async function recordCallback(
  context: ServiceContext,
  tx: Transaction,
  { id, amount, source }: CallbackRequest,
): Promise<Taken> {
  const pay = await context.payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  if (pay.amount !== amount) throw payAmountMismatch();
  if (hadSuccess(pay)) {
    if (pay.source !== source) throw payStateConflict();
    return completeSuccess(context, tx, pay);
  }
  if (payMoved(pay.status, "succeed") === undefined) throw payStateConflict();
  const attempt = await newCallbackAttempt(context, tx, pay, { source });
  const receipt = { tradeNo: "", amount, currency: pay.currency, fee: 0 };
  return takeMoney(context, tx, { pay, attempt }, receipt);
}

function hadSuccess({ status }: PayRow): boolean {
  return mayRefund(status) || status === PAY_STATUS.refunded;
}

/** A Go process may have died between its payment and its order; the callback is how it is completed. */
async function completeSuccess(context: ServiceContext, tx: Transaction, pay: PayRow): Promise<Taken> {
  const taken = { outcome: "known", source: pay.source, amount: pay.amount } as const;
  if (pay.paidTime !== null) return taken;
  await successOf(context, tx, pay);
  return { ...taken, told: await context.jobs.orderPaid(tx, pay.id) };
}
