import type { Call } from "@mall/kit/call";
import type { JobOutcome } from "@mall/kit/jobs";
import { isDue } from "../intent/payable.ts";
import { ATTEMPT_STATE, isOpen } from "../model/attempt-state.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import { PAY_STATUS } from "../model/pay-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import type { AttemptPayload } from "../rpc/pay-jobs.ts";
import { askAttempt, shutAttempt } from "./ask-attempt.ts";
import { NO_TURN_MS, takeTurn } from "./poll-pace.ts";
import { recordLost } from "./record-prepay.ts";

/**
 * How long a channel may take to open an attempt, milliseconds: as long as until the first look. After that we assume
 * that its process died, and release the key of its request. A process that is still alive answers normally, and who
 * asks again gets that attempt or another, of which only one can be paid.
 */
const PREPAY_MS_MAX = 5_000;
/** The pause grows with the attempt's age, by this part of it; milliseconds. */
const PAUSE_OF_AGE = 0.5;
const PAUSE_MS_MIN = 5_000;
const PAUSE_MS_MAX = 120_000;
/**
 * When a closed attempt is looked at again, milliseconds after its end: a channel may have taken money while it was
 * being closed, and its notification may be lost.
 */
const LOOKS_BACK_MS = [60_000, 600_000, 3_600_000, 86_400_000];

/**
 * Asks about an attempt from its first seconds on, later and later, until it is over; closes it at its end. So
 * nothing depends on a notification.
 */
export async function queryAttempt(
  context: ServiceContext,
  call: Call,
  { attemptId }: AttemptPayload,
): Promise<JobOutcome | undefined> {
  const found = await findAsked(context, attemptId);
  if (found === undefined) return undefined;
  const turn = await takeTurn(context, found.channel);
  if (turn === "none") return { again: NO_TURN_MS };
  // While it waited it may have been paid, closed or opened.
  const attempt = turn === "waited" ? await findAsked(context, attemptId) : found;
  if (attempt === undefined) return undefined;
  if (attempt.state === ATTEMPT_STATE.closed) return lookBack(context, call, attempt);
  const ageMs = context.runtime.now() - attempt.createTime.getTime();
  if (attempt.state === ATTEMPT_STATE.created && ageMs >= PREPAY_MS_MAX) await recordLost(context, attempt);
  const isOver = await mustEnd(context, attempt);
  const end = await (isOver ? shutAttempt : askAttempt)(context, call, attempt);
  if (end === "open") return { again: pauseMs(context, attempt) };
  return end === "closed" ? { again: LOOKS_BACK_MS[0] ?? 0 } : undefined;
}

/** The attempt as it is now; undefined where there is nothing more to ask about it. */
async function findAsked(context: ServiceContext, attemptId: number): Promise<PayAttemptRow | undefined> {
  const attempt = await context.attemptModel.findOne(attemptId);
  if (attempt === undefined) throw notDecidedYet();
  return isOpen(attempt.state) || attempt.state === ATTEMPT_STATE.closed ? attempt : undefined;
}

/** Whether money is no longer wanted: its time is over, its payment's is, or the payment had its success. */
async function mustEnd(context: ServiceContext, attempt: PayAttemptRow): Promise<boolean> {
  const now = context.runtime.now();
  if (attempt.expireTime !== null && attempt.expireTime.getTime() <= now) return true;
  const pay = await context.payModel.findOne(attempt.payId);
  return pay === undefined || pay.status !== PAY_STATUS.created || isDue(pay, now);
}

/** Not beyond the attempt's end, at which it is closed; after it soon, while its channel has not heard of it. */
function pauseMs({ runtime }: ServiceContext, { createTime, expireTime }: PayAttemptRow): number {
  const now = runtime.now();
  const grown = Math.max(PAUSE_MS_MIN, (now - createTime.getTime()) * PAUSE_OF_AGE);
  const leftMs = expireTime === null ? Number.POSITIVE_INFINITY : expireTime.getTime() - now;
  return Math.min(grown, PAUSE_MS_MAX, leftMs > 0 ? leftMs : PAUSE_MS_MIN);
}

async function lookBack(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
): Promise<JobOutcome | undefined> {
  if ((await askAttempt(context, call, attempt)) === "paid") return undefined;
  const sinceMs = context.runtime.now() - attempt.updateTime.getTime();
  const next = LOOKS_BACK_MS.find((ms) => ms > sinceMs);
  return next === undefined ? undefined : { again: next - sinceMs };
}
