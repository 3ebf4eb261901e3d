import type { Transaction } from "@mall/kit/store";
import type { NewPayAttemptRow, PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import type { ServiceContext } from "../context.ts";
import { payStateConflict } from "../errors.ts";
import { CALLBACK_CHANNEL } from "../names.ts";

/** Writes down an attempt of which a callback, and no channel, tells; a payment has one for each sum that came. */
export async function newCallbackAttempt(
  { attemptModel }: ServiceContext,
  tx: Transaction,
  { id: payId, amount, currency }: PayRow,
  told: Pick<NewPayAttemptRow, "source" | "state" | "successOf" | "receivedAmount" | "receivedCurrency">,
): Promise<PayAttemptRow> {
  const earlier = (await attemptModel.findByPay(payId, tx)).filter(
    ({ channel }) => channel === CALLBACK_CHANNEL,
  );
  const count = earlier.length === 0 ? "" : `-${earlier.length + 1}`;
  const outTradeNo = `${CALLBACK_CHANNEL}-${payId}${count}`;
  const row = { payId, outTradeNo, channel: CALLBACK_CHANNEL, amount, currency };
  const id = await attemptModel.insert({ ...row, ...told }, tx);
  const attempt = await attemptModel.findOne(id, tx);
  if (attempt === undefined) throw payStateConflict();
  return attempt;
}
