import type { Call } from "@mall/kit/call";
import { wholeSeconds } from "@mall/kit/runtime";
import type { Transaction } from "@mall/kit/store";
import type { PayRow } from "../model/pay-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound } from "../rpc/errors.ts";
import { actOnPay } from "./act-on-pay.ts";
import { mustMove } from "./lock.ts";
import { checkOpen, isDue } from "./payable.ts";

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

/** Leaves who asks for it the time to close the attempts by itself, milliseconds. */
const JOB_DELAY_MS = 5_000;

/**
 * Ends a payment now, as if its time were over: nothing is opened for it any more, and what is open is closed.
 *
 * @returns whether it is closed already.
 * @throws AppError ABORTED where its money has come.
 */
export function endPay(context: ServiceContext, call: Call, id: number): Promise<boolean> {
  return context.database.transaction((tx) => {
    const act = { tx, operation: "/pay.Pay/Close", payId: id };
    return actOnPay(context, call, act, () => end(context, tx, id));
  });
}

async function end(context: ServiceContext, tx: Transaction, id: number): Promise<boolean> {
  const { payModel, attemptModel, jobs, runtime } = context;
  const pay = await payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  if (pay.status === PAY_STATUS.closed) return true;
  const now = runtime.now();
  if (!isDue(pay, now)) {
    checkOpen(pay, now);
    pay.expireTime = wholeSeconds(now);
    await mustMove(payModel.change(tx, pay, { expireTime: pay.expireTime }));
  }
  if (await closeDue(context, tx, pay)) return true;
  for (const attempt of await attemptModel.findOpen(id, tx)) {
    await jobs.closeAttempt(tx, attempt, JOB_DELAY_MS);
  }
  return false;
}
