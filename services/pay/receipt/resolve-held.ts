import type { JobTicket } from "@mall/kit/jobs";
import { wholeSeconds } from "@mall/kit/runtime";
import type { Transaction } from "@mall/kit/store";
import { mustMove, type Subject } from "../intent/lock.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import { REFUND_CAUSE } from "../model/refund-state.ts";
import { returnMoney } from "../refund/begin-refund.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { heldCurrency, payClosing, payNotFound, payNotHeld } from "../rpc/errors.ts";

/**
 * Makes a payment paid with what is held: so much of it may go back later. The payment is for what the order costs
 * by now, `price`, which is undefined where the order is gone.
 *
 * @returns the order's hearing of it.
 * @throws AppError where nothing is held, or it is of another currency.
 */
export async function acceptHeld(
  context: ServiceContext,
  tx: Transaction,
  id: number,
  price: number | undefined,
): Promise<JobTicket> {
  const { pay, attempt } = await lockHeld(context, tx, id);
  const { receivedAmount, receivedCurrency, source } = attempt;
  if (receivedCurrency !== pay.currency) throw heldCurrency();
  await mustMove(context.attemptModel.move(tx, attempt, "succeed", { successOf: id }));
  const paidTime = wholeSeconds(context.runtime.now());
  const amount = price ?? pay.amount;
  await mustMove(context.payModel.move(tx, pay, "succeed", { amount, source, paidTime, heldReason: "" }));
  await context.ledger.post(tx, {
    key: `accept:${attempt.id}`,
    payId: id,
    currency: receivedCurrency,
    lines: [
      { account: ACCOUNT.suspense, debit: receivedAmount },
      { account: ACCOUNT.sales, credit: receivedAmount },
    ],
  });
  return context.jobs.orderPaid(tx, id, `held-${attempt.id}`);
}

/**
 * Sends back what is held and closes the payment; its order is cancelled.
 *
 * @returns the order's hearing of it.
 * @throws AppError where nothing is held, or an attempt may still bring money.
 */
export async function returnHeldMoney(
  context: ServiceContext,
  tx: Transaction,
  id: number,
): Promise<JobTicket> {
  const { pay, attempt } = await lockHeld(context, tx, id);
  if ((await context.attemptModel.findOpen(id, tx)).length > 0) throw payClosing();
  await mustMove(context.attemptModel.move(tx, attempt, "returnMoney"));
  await mustMove(context.payModel.move(tx, pay, "giveUp", { heldReason: "" }));
  await returnMoney(context, tx, attempt, REFUND_CAUSE.held);
  return context.jobs.orderCancel(tx, id, `held-${attempt.id}`);
}

/** What is held, locked with its payment. */
export async function lockHeld(context: ServiceContext, tx: Transaction, id: number): Promise<Subject> {
  const pay = await context.payModel.lockOne(id, tx);
  if (pay === undefined) throw payNotFound();
  const attempts = await context.attemptModel.findByPay(id, tx);
  const attempt = attempts.find(({ state }) => state === ATTEMPT_STATE.held);
  if (pay.status !== PAY_STATUS.held || attempt === undefined) throw payNotHeld();
  return { pay, attempt };
}
