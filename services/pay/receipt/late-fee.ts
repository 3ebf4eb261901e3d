import type { Call } from "@mall/kit/call";
import type { JobInfo, JobOutcome } from "@mall/kit/jobs";
import { channelOf, demandAnswer, tradeOf } from "../attempt/ask-attempt.ts";
import { hasMoney } from "../model/attempt-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { AttemptPayload } from "../rpc/pay-jobs.ts";
import { recordLateFee } from "./record-late-fee.ts";

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
