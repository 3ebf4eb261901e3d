import type { Transaction } from "@mall/kit/store";
import { PAY_SOURCE } from "../channels/pay-source.ts";
import { mustMove, type Subject } from "../intent/lock.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import { HELD_REASON, mayRefund, PAY_STATUS } from "../model/pay-state.ts";
import { returnRest } from "../refund/give-back-rest.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { payNotFound } from "../rpc/errors.ts";
import { countTaken } from "./receipt.ts";
import { successOf } from "./success-of.ts";

/**
 * Holds the money of a success whose order costs something else by now and refuses it, until somebody decides. Money
 * of which a part went back, or that somebody has accepted before, is not held: all that is left of it goes back.
 */
export async function doubtSuccess(context: ServiceContext, payId: number): Promise<void> {
  const heldOf = await context.database.transaction(async (tx) => {
    const pay = await context.payModel.lockOne(payId, tx);
    if (pay === undefined) throw payNotFound();
    if (!mayRefund(pay.status)) return undefined;
    const subject = { pay, attempt: await successOf(context, tx, pay) };
    if (await isUntouched(context, tx, subject)) {
      await holdSuccess(context, tx, subject);
      return subject.attempt;
    }
    await returnRest(context, tx, subject);
    return undefined;
  });
  if (heldOf === undefined) return;
  const { source, receivedAmount: amount, receivedCurrency: currency } = heldOf;
  countTaken(context, { outcome: "held", source, amount, currency });
}

async function isUntouched(
  { refundModel }: ServiceContext,
  tx: Transaction,
  { pay, attempt }: Subject,
): Promise<boolean> {
  if (pay.status !== PAY_STATUS.paid || attempt.heldReason !== "") return false;
  return (await refundModel.findByAttempt(attempt.id, tx)).length === 0;
}

async function holdSuccess(
  { attemptModel, payModel, ledger }: ServiceContext,
  tx: Transaction,
  { pay, attempt }: Subject,
): Promise<void> {
  const heldReason = HELD_REASON.orderRefused;
  await mustMove(attemptModel.move(tx, attempt, "doubt", { successOf: null, heldReason }));
  await mustMove(payModel.move(tx, pay, "doubt", { source: PAY_SOURCE.none, paidTime: null, heldReason }));
  await ledger.post(tx, {
    key: `doubt:${attempt.id}`,
    payId: pay.id,
    currency: attempt.receivedCurrency,
    lines: [
      { account: ACCOUNT.sales, debit: attempt.receivedAmount },
      { account: ACCOUNT.suspense, credit: attempt.receivedAmount },
    ],
  });
}
