import {
  beginningOf,
  type PayAttempt,
  type PayAttemptRow,
  type UnwrittenAttempt,
} from "../model/pay-attempt-model.ts";
import type { PayRow } from "../model/pay-model.ts";

/** What attempts say whose money a callback reported: there is no channel that could be asked about it. */
export const CALLBACK_CHANNEL = "callback";

/** What the attempt of a payment says that costs nothing. */
export const NO_CHANNEL = "none";

/**
 * An attempt that no channel was asked for, with a number of its own: a payment has one for each sum of which a
 * callback told.
 *
 * @param attempts all that the payment has, as the transaction that writes this one has read them.
 */
export function toldAttempt(
  { id: payId, amount, currency }: PayRow,
  attempts: readonly PayAttemptRow[],
  told: Pick<PayAttempt, "channel" | "source">,
): UnwrittenAttempt {
  const earlier = attempts.filter(({ channel }) => channel === told.channel);
  const count = earlier.length === 0 ? "" : `-${earlier.length + 1}`;
  const outTradeNo = `${told.channel}-${payId}${count}`;
  return beginningOf({ payId, outTradeNo, amount, currency, ...told });
}
