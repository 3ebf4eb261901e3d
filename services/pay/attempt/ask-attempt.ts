import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Answer, Channel, PaidTrade, TradeRef } from "../channels/channel.ts";
import { closeDue } from "../intent/close.ts";
import { lockSubject, mustMove } from "../intent/lock.ts";
import { isOpen, LATE_MS_MAX } from "../model/attempt-state.ts";
import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import { type Also, recordSuccess } from "../receipt/record-success.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { channelsNo, channelUnavailable, prepaySuperseded } from "../rpc/errors.ts";
import { settlePrepay } from "./record-prepay.ts";

/** Where an attempt stands, which has been written down: `open` may still be paid. */
export type AttemptEnd = "paid" | "closed" | "open";

/**
 * Asks an attempt's channel where it stands, and writes down what it says.
 *
 * @param also written with what follows where it is paid
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE where the channel does not tell.
 */
export async function askAttempt(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
  also?: Also,
): Promise<AttemptEnd> {
  const channel = channelOf(context, attempt.channel);
  const trade = demandAnswer(channel, await channel.query(call, tradeOf(attempt)));
  switch (trade.state) {
    case "paid":
      return recordPaid(context, attempt, trade, also);
    case "closed":
      await recordClosed(context, attempt);
      return "closed";
    default:
      // A channel may not know a number yet, and still open it when our request arrives.
      return "open";
  }
}

/**
 * Sees to it that an attempt takes no money any more: asked, then closed at its channel, then here. One of which its
 * channel has not heard stays open until its own end.
 *
 * @throws AppError as askAttempt.
 */
export async function shutAttempt(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
): Promise<AttemptEnd> {
  const end = await askAttempt(context, call, attempt);
  if (end !== "open") return end;
  const channel = channelOf(context, attempt.channel);
  const trade = demandAnswer(channel, await channel.close(call, tradeOf(attempt)));
  if (trade.state === "paid") return recordPaid(context, attempt, trade);
  if (trade.state === "absent" && !isPast(context, attempt)) return "open";
  await recordClosed(context, attempt);
  return "closed";
}

async function recordPaid(
  context: ServiceContext,
  attempt: PayAttemptRow,
  trade: PaidTrade,
  also?: Also,
): Promise<"paid"> {
  await recordSuccess(context, attempt, trade, also);
  return "paid";
}

/** Whether what a buyer was given for it is worth nothing any more. */
function isPast({ runtime }: ServiceContext, { expireTime }: PayAttemptRow): boolean {
  return expireTime !== null && expireTime.getTime() + LATE_MS_MAX <= runtime.now();
}

/** Why nobody can be asked: the account was taken out of the configuration. */
export const CHANNEL_GONE = "CHANNEL_GONE";

/**
 * The channel of an attempt, by the name that the attempt stores.
 *
 * @throws AppError FAILED_PRECONDITION CHANNEL_GONE if it is no longer configured.
 */
export function channelOf({ channels }: Pick<ServiceContext, "channels">, name: string): Channel {
  const channel = channels.get(name);
  if (channel !== undefined) return channel;
  throw new AppError("FAILED_PRECONDITION", CHANNEL_GONE, `channel ${name} is not configured any more`);
}

/** An attempt as its channel is asked about it. */
export function tradeOf({ outTradeNo, channelRef, channelTradeNo, createTime }: PayAttemptRow): TradeRef {
  const known = channelTradeNo === "" ? {} : { tradeNo: channelTradeNo };
  return { outTradeNo, channelRef, ...known, beganAt: createTime.getTime() };
}

/**
 * What a channel says of its own trade; one that refuses to has said nothing.
 *
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE.
 */
export function demandAnswer<T>(channel: Pick<Channel, "name">, answer: Answer<T>): T {
  if (answer.kind === "yes") return answer.value;
  throw channelUnavailable(channel.name, answer.kind === "unknown" ? answer.cause : channelsNo(answer));
}

/** Writes down that a channel takes no money for an attempt; a payment whose time is over is closed with its last. */
async function recordClosed(context: ServiceContext, { id, payId }: PayAttemptRow): Promise<void> {
  await context.database.transaction(async (tx) => {
    const { pay, attempt } = await lockSubject(context, tx, { id, payId });
    if (!isOpen(attempt.state)) return;
    await mustMove(context.attemptModel.move(tx, attempt, "close"));
    await settlePrepay(context, tx, attempt, { error: prepaySuperseded() });
    await closeDue(context, tx, pay);
  });
}
