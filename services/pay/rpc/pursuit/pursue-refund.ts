import type { Call } from "@mall/kit/context";
import type { Answer, Channel, RefundState } from "../../channels/channel.ts";
import type { PayAttemptRow } from "../../model/pay-attempt-model.ts";
import type { PayRefundRow } from "../../model/pay-refund-model.ts";
import { ASKED_STATES, REFUND_STATE } from "../../model/refund-state.ts";
import { channelOf } from "../channel-of.ts";
import type { ServiceContext } from "../context.ts";
import { recordRefundAsked, recordRefunded, recordRefundFailed } from "../decisions/record-refund.ts";
import { channelUnavailable } from "../errors.ts";

/**
 * Has a refund's channel make it, or asks how it stands if the channel was asked to before; writes down what it says.
 *
 * @returns whether it is over; `waiting` where the channel is still at it.
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE where the channel does not tell.
 */
export async function pursueRefund(
  context: ServiceContext,
  call: Call,
  refundId: number,
): Promise<"over" | "waiting"> {
  const refund = await context.refundModel.findOne(refundId);
  if (refund === undefined || !ASKED_STATES.includes(refund.state)) return "over";
  const attempt = await context.attemptModel.findOne(refund.attemptId);
  if (attempt === undefined) return "over";
  const asked = { channel: channelOf(context, attempt.channel), attempt, refund };
  const answer = await askFor(context, call, asked);
  if (answer.kind === "unknown") throw channelUnavailable(attempt.channel, answer.cause);
  if (answer.kind === "no") {
    await recordRefundFailed(context, refund, `${answer.reason}: ${answer.message}`);
    return "over";
  }
  const { state, channelRefundNo = "" } = answer.value;
  if (state === "succeeded") await recordRefunded(context, refund, channelRefundNo);
  if (state === "failed") await recordRefundFailed(context, refund, "the channel could not make it");
  return state === "succeeded" || state === "failed" ? "over" : "waiting";
}

interface Asked {
  readonly channel: Channel;
  readonly attempt: PayAttemptRow;
  readonly refund: PayRefundRow;
}

async function askFor(context: ServiceContext, call: Call, asked: Asked): Promise<Answer<RefundState>> {
  const { channel, attempt, refund } = asked;
  const known = (): Promise<Answer<RefundState>> =>
    channel.queryRefund(call, { outTradeNo: attempt.outTradeNo, refundNo: refund.refundNo });
  if (refund.state === REFUND_STATE.processing) {
    const answer = await known();
    // What a channel has never heard of, it is told again: it makes one refund of a number.
    if (answer.kind !== "yes" || answer.value.state !== "absent") return unlessRefused(channel, answer);
  }
  await recordRefundAsked(context, refund);
  const answer = await channel.refund(call, {
    outTradeNo: attempt.outTradeNo,
    refundNo: refund.refundNo,
    amount: refund.amount,
    currency: attempt.receivedCurrency,
    total: attempt.receivedAmount,
  });
  if (answer.kind !== "no") return answer;
  // An earlier request may have got through after all, and then that is what counts.
  const state = await known();
  if (state.kind === "yes" && state.value.state === "absent") return answer;
  return unlessRefused(channel, state);
}

/** A channel that refuses to say how its own refund stands has said nothing. */
function unlessRefused(channel: Channel, answer: Answer<RefundState>): Answer<RefundState> {
  if (answer.kind !== "no") return answer;
  return { kind: "unknown", cause: channelUnavailable(channel.name, answer) };
}
