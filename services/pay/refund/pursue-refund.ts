import type { Call } from "@mall/kit/call";
import type { JobInfo, JobOutcome } from "@mall/kit/jobs";
import { channelOf, tradeOf } from "../attempt/ask-attempt.ts";
import type { Answer, Channel, RefundState } from "../channels/channel.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { ASKED_STATES, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { channelsNo, channelUnavailable, notDecidedYet, refundExceeds } from "../rpc/errors.ts";
import type { RefundPayload } from "../rpc/pay-jobs.ts";
import { recordRefundFailed } from "./fail-refund.ts";
import { recordRefunded } from "./finish-refund.ts";
import { lookAgain } from "./look-again.ts";
import { recordRefundAsked, recordRefundRefused, recordRefundStuck, STUCK } from "./record-refund.ts";

/** `given up` where it had failed already, also meanwhile: its channel may have made it all the same. */
type Pursued = "over" | "waiting" | "given up";

/**
 * Has a refund's channel make it, or asks how it stands if the channel was asked to before; writes down what it says.
 *
 * @returns whether it is over; `waiting` where it is to be asked about again.
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE where the channel does not tell, or NOT_DECIDED_YET for a refund that
 * is not there yet.
 */
export async function pursueRefund(context: ServiceContext, call: Call, refundId: number): Promise<Pursued> {
  const refund = await context.refundModel.findOne(refundId);
  const attempt = refund && (await context.attemptModel.findOne(refund.attemptId));
  if (refund === undefined || attempt === undefined) throw notDecidedYet();
  if (refund.state === REFUND_STATE.failed) {
    // An account that is gone tells no more, and its notifications wait for it.
    return context.channels.has(attempt.channel) ? "given up" : "over";
  }
  if (!ASKED_STATES.includes(refund.state)) return "over";
  const asked = { channel: channelOf(context, attempt.channel), attempt, refund };
  const answer = await askFor(context, call, asked);
  if (answer.kind === "unknown") throw channelUnavailable(attempt.channel, answer.cause);
  if (answer.kind === "no") {
    await recordRefundRefused(context, refund, `${answer.reason}: ${answer.message}`);
    context.refusedRefunds.note(refundId);
    return "waiting";
  }
  return follow(context, refund, answer.value);
}

async function follow(
  context: ServiceContext,
  refund: PayRefundRow,
  { state, channelRefundNo = "" }: RefundState,
): Promise<Pursued> {
  switch (state) {
    case "succeeded":
      return (await recordRefunded(context, refund, channelRefundNo)) === "no room" ? "given up" : "over";
    case "failed":
      await recordRefundFailed(context, refund, "the channel could not make it");
      return "over";
    case "processing":
      return "waiting";
    case "stuck":
      await recordRefundStuck(context, refund);
      return "waiting";
    case "absent":
      if (!wasRefused(refund) || !isOver(context, refund)) return "waiting";
      await recordRefundFailed(context, refund, refund.error);
      context.refusedRefunds.forget(refund.id);
      return "over";
  }
}

function isOver({ refusedRefunds }: ServiceContext, { id }: PayRefundRow): boolean {
  refusedRefunds.note(id);
  return refusedRefunds.isOver(id);
}

interface Asked {
  readonly channel: Channel;
  readonly attempt: PayAttemptRow;
  readonly refund: PayRefundRow;
}

async function askFor(context: ServiceContext, call: Call, asked: Asked): Promise<Answer<RefundState>> {
  const { channel, attempt, refund } = asked;
  const trade = tradeOf(attempt);
  const { refundNo, amount } = refund;
  if (refund.state === REFUND_STATE.processing) {
    const answer = unlessRefused(channel, await channel.queryRefund(call, { trade, refundNo }));
    // A refund that the channel has never heard of is sent again: it makes one refund per number.
    const isLost = answer.kind === "yes" && answer.value.state === "absent" && !wasRefused(refund);
    if (!isLost) return answer;
  }
  await recordRefundAsked(context, refund);
  const { receivedCurrency: currency, receivedAmount: total } = attempt;
  return channel.refund(call, { trade, refundNo, amount, currency, total });
}

/** A refund keeps what its channel refused it with while it is still asked about. */
function wasRefused({ error }: PayRefundRow): boolean {
  return error !== "" && error !== STUCK;
}

/** A channel that refuses to say how its own refund stands has said nothing. */
function unlessRefused(channel: Channel, answer: Answer<RefundState>): Answer<RefundState> {
  if (answer.kind !== "no") return answer;
  return { kind: "unknown", cause: channelUnavailable(channel.name, channelsNo(answer)) };
}

/** The pause grows with the refund's age, by this part of it; milliseconds. */
const PAUSE_OF_AGE = 0.5;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 600_000;

/** Has a refund made by its channel, and asks until that says how it ended. */
export async function refund(
  context: ServiceContext,
  call: Call,
  { refundId }: RefundPayload,
  { createdAt }: JobInfo,
): Promise<JobOutcome | undefined> {
  const pursued = await pursueRefund(context, call, refundId);
  if (pursued === "over" || (pursued === "given up" && (await isKnown(context, call, refundId)))) {
    return undefined;
  }
  const ageMs = context.runtime.now() - createdAt;
  return { again: Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, ageMs * PAUSE_OF_AGE)) };
}

/**
 * Whether all is known of a refund that was given up.
 *
 * @throws AppError FAILED_PRECONDITION REFUND_EXCEEDS where it was made and others have its money.
 */
async function isKnown(context: ServiceContext, call: Call, refundId: number): Promise<boolean> {
  const refund = await context.refundModel.findOne(refundId);
  if (refund === undefined) throw notDecidedYet();
  const end = await lookAgain(context, call, refund);
  if (end === "no room") throw refundExceeds();
  return end !== "under way";
}
