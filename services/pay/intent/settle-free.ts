import type { Transaction } from "@mall/kit/store";
import { NO_CHANNEL, toldAttempt } from "../attempt/told-attempt.ts";
import { PAY_SOURCE } from "../channels/pay-source.ts";
import type { PayRow } from "../model/pay-model.ts";
import { afterTaken, type Taken } from "../receipt/receipt.ts";
import { takeMoney } from "../receipt/take-money.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound } from "../rpc/errors.ts";
import { isDue, isFree } from "./payable.ts";

/**
 * Makes an open payment of amount 0 paid, as no channel takes nothing: in the transaction that gave it that amount, so
 * that no crash leaves it waiting, with the job that tells its order.
 */
export async function settleFree(context: ServiceContext, tx: Transaction, id: number): Promise<Taken> {
  const pay = await context.payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  return settleLocked(context, tx, pay);
}

async function settleLocked(context: ServiceContext, tx: Transaction, pay: PayRow): Promise<Taken> {
  const others = await context.attemptModel.findByPay(pay.id, tx);
  const attempt = toldAttempt(pay, others, { channel: NO_CHANNEL, source: PAY_SOURCE.none });
  const receipt = { tradeNo: "", amount: 0, currency: pay.currency, fee: 0 };
  return takeMoney(context, tx, { pay, attempt, others }, receipt);
}

/**
 * As settleFree, for a payment that waits since a Go process, or a version before this one, opened it.
 *
 * @returns whether it is paid by this.
 */
export async function settleWaiting(context: ServiceContext, id: number): Promise<boolean> {
  const taken = await context.database.transaction(async (tx) => {
    const pay = await context.payModel.lockOne(id, tx);
    const isWaiting = pay !== undefined && isFree(pay) && !isDue(pay, context.runtime.now());
    return isWaiting ? settleLocked(context, tx, pay) : undefined;
  });
  if (taken !== undefined) await afterTaken(context, taken);
  return taken?.outcome === "paid";
}
