import type { RowTransaction } from "@mall/kit/store";
import { moveAttempt } from "../attempt/move-attempt.ts";
import { CALLBACK_CHANNEL, toldAttempt } from "../attempt/told-attempt.ts";
import { mustMove } from "../intent/lock.ts";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayAttempt } from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { bookReceipt } from "./receipt.ts";

/**
 * The success of a paid payment. One that a Go process, or a version before this, made paid has none: what the
 * payment says is written down now, as if a callback had reported it, and is in the books from then on.
 */
export async function successOf(
  context: ServiceContext,
  tx: RowTransaction,
  pay: PayRow,
): Promise<PayAttempt> {
  const { attemptModel, payModel } = context;
  const attempts = await attemptModel.findByPay(pay.id, tx);
  const success = attempts.find(({ state }) => state === ATTEMPT_STATE.succeeded);
  if (success !== undefined) return success;
  const { id: successOf, amount, currency, source } = pay;
  const told = toldAttempt(pay, attempts, { channel: CALLBACK_CHANNEL, source });
  const attempt = await moveAttempt(context, tx, told, {
    move: "succeed",
    successOf,
    receivedAmount: amount,
    receivedCurrency: currency,
  });
  const receipt = { amount, currency, fee: 0 };
  await bookReceipt(context, tx, { pay, attempt }, { receipt, account: ACCOUNT.sales });
  await mustMove(payModel.change(tx, pay, { paidTime: pay.paidTime ?? pay.updateTime }));
  return attempt;
}
