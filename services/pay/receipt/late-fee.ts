import type { Call } from "@mall/kit/call";
import type { JobInfo, JobOutcome } from "@mall/kit/jobs";
import { channelOf, demandAnswer, tradeOf } from "../attempt/ask-attempt.ts";
import { lockSubject, mustMove } from "../intent/lock.ts";
import { hasMoney } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { AttemptPayload } from "../rpc/pay-jobs.ts";

/** The pause grows with the receipt's age, by this part of it; milliseconds. */
const PAUSE_OF_AGE = 0.5;
const PAUSE_MS_MIN = 30_000;
const PAUSE_MS_MAX = 6 * 3_600_000;
/** How long to wait for a fee, milliseconds; a later one comes with the channel's bill. */
const ASKED_MS_MAX = 7 * 24 * 3_600_000;

/** Asks a channel for the fee of money that came, until it tells it, and writes that down. */
export async function lateFee(
  context: ServiceContext,
  call: Call,
  { attemptId }: AttemptPayload,
  { createdAt }: Pick<JobInfo, "createdAt">,
): Promise<JobOutcome | undefined> {
  const attempt = await context.attemptModel.findOne(attemptId);
  if (attempt === undefined) throw notDecidedYet();
  if (!hasMoney(attempt.state) || attempt.lateFee !== null) return undefined;
  const channel = channelOf(context, attempt.channel);
  const trade = demandAnswer(channel, await channel.query(call, tradeOf(attempt)));
  if (trade.state === "paid" && trade.fee !== undefined) {
    await recordLateFee(context, attempt, trade.fee);
    return undefined;
  }
  const ageMs = context.runtime.now() - createdAt;
  if (ageMs >= ASKED_MS_MAX) return undefined;
  return { again: Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, ageMs * PAUSE_OF_AGE)) };
}

/** Writes a fee into the books, beside the receipt, which stays as it is. Repeated, it changes nothing. */
async function recordLateFee(
  context: ServiceContext,
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
