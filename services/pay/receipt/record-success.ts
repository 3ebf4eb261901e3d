import type { RowTransaction } from "@mall/kit/store";
import type { PaidTrade } from "../channels/channel.ts";
import { lockPaid } from "../intent/lock.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { countTaken, type Taken } from "./receipt.ts";
import { takeMoney } from "./take-money.ts";

/** What is written in the transaction that decides, with it or not at all. */
export type Also = (tx: RowTransaction) => Promise<unknown>;

/** Writes down that a channel has money for an attempt, and what follows. Repeated, it changes nothing. */
export async function recordSuccess(
  context: ServiceContext,
  { id, payId, channel }: PayAttemptRow,
  { tradeNo, amount, currency, fee }: PaidTrade,
  also?: Also,
): Promise<Taken> {
  const taken = await context.database.share(async (tx) => {
    const paid = await lockPaid(context, tx, { id, payId });
    await also?.(tx);
    const became = await takeMoney(context, tx, paid, { tradeNo, amount, currency, fee: fee ?? 0 });
    const isToCome = fee === undefined && context.channels.get(channel)?.tellsFeesLater === true;
    if (isToCome && became.outcome !== "known") await context.jobs.lateFee(tx, { id, channel });
    return became;
  });
  countTaken(context, taken);
  return taken;
}
