import type { Call } from "@mall/kit/call";
import type { Answer, Channel } from "../channels/channel.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import { type Also, recordSuccess } from "../receipt/record-success.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { channelUnavailable } from "../rpc/errors.ts";
import { channelOf } from "./channel-of.ts";
import { recordClosed } from "./record-closed.ts";

/** Where an attempt stands, which has been written down: `open` may still be paid. */
export type AttemptEnd = "paid" | "closed" | "open";

/**
 * Asks an attempt's channel where it stands, and writes down what it says.
 *
 * @param also written with what follows where it is paid
 * @throws AppError UNAVAILABLE CHANNEL_UNAVAILABLE where the channel does not tell.
 */
export async function askAttempt(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
  also?: Also,
): Promise<AttemptEnd> {
  const channel = channelOf(context, attempt.channel);
  const trade = demand(channel, await channel.query(call, attempt.outTradeNo));
  switch (trade.state) {
    case "paid":
      await recordSuccess(context, attempt, trade, also);
      return "paid";
    case "closed":
      await recordClosed(context, attempt);
      return "closed";
    default:
      // A channel may not know a number yet, and still open it when our request arrives.
      return "open";
  }
}

/**
 * Sees to it that an attempt takes no money any more: asked, then closed at its channel, then here.
 *
 * @throws AppError as askAttempt.
 */
export async function shutAttempt(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
): Promise<Exclude<AttemptEnd, "open">> {
  const end = await askAttempt(context, call, attempt);
  if (end !== "open") return end;
  const channel = channelOf(context, attempt.channel);
  const trade = demand(channel, await channel.close(call, attempt.outTradeNo));
  if (trade.state === "paid") {
    await recordSuccess(context, attempt, trade);
    return "paid";
  }
  await recordClosed(context, attempt);
  return "closed";
}

/** A channel that refuses to say where its own trade stands has said nothing. */
function demand<T>(channel: Channel, answer: Answer<T>): T {
  if (answer.kind === "yes") return answer.value;
  throw channelUnavailable(channel.name, answer.kind === "unknown" ? answer.cause : answer);
}
