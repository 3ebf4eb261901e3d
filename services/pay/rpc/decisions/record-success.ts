import type { PaidTrade } from "../../channels/channel.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { ServiceContext } from "../context.ts";
import { countTaken } from "../count-taken.ts";
import { lockPaid } from "./lock-subject.ts";
import { type Taken, takeMoney } from "./take-money.ts";

/** Writes down that a channel has money for an attempt, and what follows; told again, nothing changes. */
export async function recordSuccess(
  context: ServiceContext,
  { id, payId }: PayAttemptRow,
  { tradeNo, amount, currency, fee }: PaidTrade,
): Promise<Taken> {
  const taken = await context.database.share(async (tx) => {
    const paid = await lockPaid(context, tx, { id, payId });
    return takeMoney(context, tx, paid, { tradeNo, amount, currency, fee });
  });
  countTaken(context, taken);
  return taken;
}
