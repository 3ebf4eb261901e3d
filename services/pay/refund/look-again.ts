import type { Call } from "@mall/kit/call";
import { channelOf, demandAnswer, tradeOf } from "../attempt/ask-attempt.ts";
import type { PayRefundRow } from "../model/pay-refund-model.ts";
import { ASKED_STATES, REFUND_CAUSE, REFUND_STATE } from "../model/refund-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet } from "../rpc/errors.ts";
import { type RefundEnd, recordRefunded } from "./finish-refund.ts";
import { recordReturned } from "./record-returned.ts";

/** `under way` where the channel is at it now, and must be asked again. */
type Look = RefundEnd | "under way";

/**
 * Asks once more about a refund that is over, because its channel has something to say of it. The money of one that was
 * made may have come back; one that was given up or is to be made by hand may have been made after all, by a copy of
 * the request that was held up for longer than anybody waits.
 *
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE where the channel does not tell.
 */
export async function lookAgain(context: ServiceContext, call: Call, refund: PayRefundRow): Promise<Look> {
  if (!mayTellMore(refund)) return "known";
  const attempt = await context.attemptModel.findOne(refund.attemptId);
  if (attempt === undefined) throw notDecidedYet();
  const channel = channelOf(context, attempt.channel);
  const asked = await channel.queryRefund(call, { trade: tradeOf(attempt), refundNo: refund.refundNo });
  const { state, channelRefundNo = "" } = demandAnswer(channel, asked);
  if (refund.state === REFUND_STATE.succeeded) {
    if (state === "failed" && channelRefundNo === refund.channelRefundNo)
      await recordReturned(context, refund);
    return "known";
  }
  if (state === "succeeded") return recordRefunded(context, refund, channelRefundNo);
  return state === "processing" ? "under way" : "known";
}

/** A channel knows nothing of what somebody made otherwise, nor of what goes out anew because it came back. */
function mayTellMore({ state, cause, channelRefundNo }: PayRefundRow): boolean {
  if (ASKED_STATES.includes(state) || cause === REFUND_CAUSE.returned) return false;
  return state !== REFUND_STATE.succeeded || channelRefundNo !== "";
}
