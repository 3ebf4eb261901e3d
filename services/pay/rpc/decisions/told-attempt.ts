import type { Transaction } from "@mall/kit/store";
import type { NewPayAttemptRow, PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRow } from "../../model/pay-model.ts";
import type { ServiceContext } from "../context.ts";
import { payStateConflict } from "../errors.ts";

type Told = Pick<
  NewPayAttemptRow,
  "channel" | "source" | "state" | "successOf" | "receivedAmount" | "receivedCurrency"
>;

/**
 * Writes down an attempt that no channel was asked for, under a number of its own: a payment has one for each sum of
 * which a callback told.
 */
export async function newToldAttempt(
  { attemptModel }: ServiceContext,
  tx: Transaction,
  { id: payId, amount, currency }: PayRow,
  told: Told,
): Promise<PayAttemptRow> {
  const earlier = (await attemptModel.findByPay(payId, tx)).filter(({ channel }) => channel === told.channel);
  const count = earlier.length === 0 ? "" : `-${earlier.length + 1}`;
  const outTradeNo = `${told.channel}-${payId}${count}`;
  const id = await attemptModel.insert({ payId, outTradeNo, amount, currency, ...told }, tx);
  const attempt = await attemptModel.findOne(id, tx);
  if (attempt === undefined) throw payStateConflict();
  return attempt;
}
