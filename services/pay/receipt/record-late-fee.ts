import { lockSubject, mustMove } from "../intent/lock.ts";
import { hasMoney } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";

/** Where fees are written down. */
type Books = Pick<ServiceContext, "database" | "payModel" | "attemptModel" | "ledger">;

/** Writes a fee into the books, beside the receipt, which stays as it is. Repeated, it changes nothing. */
export async function recordLateFee(
  context: Books,
  { id, payId }: Pick<PayAttemptRow, "id" | "payId">,
  fee: number,
): Promise<void> {
  await context.database.transaction(async (tx) => {
    const { attempt } = await lockSubject(context, tx, { id, payId });
    if (!hasMoney(attempt.state) || attempt.lateFee !== null) return;
    const kept = Math.min(fee, attempt.receivedAmount);
    const { state } = attempt;
    await mustMove(context.attemptModel.update(id, { lateFee: kept }, { expect: { state }, tx }));
    if (kept === 0) return;
    await context.ledger.post(tx, {
      key: `fee:${id}`,
      payId,
      currency: attempt.receivedCurrency,
      lines: [
        { account: ACCOUNT.fees, debit: kept },
        { account: ACCOUNT.channel(attempt.channel), credit: kept },
      ],
    });
  });
}
