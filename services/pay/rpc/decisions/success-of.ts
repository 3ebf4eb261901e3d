import type { Transaction } from "@mall/kit/store";
import { ATTEMPT_STATE } from "../../model/attempt-state.ts";
import { ACCOUNT } from "../../model/ledger-model.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import type { ServiceContext } from "../context.ts";
import { CALLBACK_CHANNEL } from "../names.ts";
import { bookReceipt } from "./book-receipt.ts";
import { mustMove } from "./must-move.ts";
import { newToldAttempt } from "./told-attempt.ts";

/**
 * The success of a paid payment. One that a Go process, or a version before this, made paid has none: what the
 * payment says is written down now, as if a callback had reported it, and is in the books from then on.
 */
export async function successOf(
  context: ServiceContext,
  tx: Transaction,
  pay: PayRow,
): Promise<PayAttemptRow> {
  const { attemptModel, payModel } = context;
  const attempts = await attemptModel.findByPay(pay.id, tx);
  const success = attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
  if (success !== undefined) return success;
  const { id: successOf, amount, currency, source } = pay;
  const attempt = await newToldAttempt(context, tx, pay, {
    channel: CALLBACK_CHANNEL,
    source,
    state: ATTEMPT_STATE.succeeded,
    successOf,
    receivedAmount: amount,
    receivedCurrency: currency,
  });
  const receipt = { amount, currency, fee: 0 };
  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.sales });
  await mustMove(payModel.change(tx, pay, { paidTime: pay.paidTime ?? pay.updateTime }));
  return attempt;
}
