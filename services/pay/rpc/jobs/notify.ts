import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ParsedNotify } from "../../channels/channel.ts";
import { hasMoney } from "../../model/attempt-state.ts";
import { NOTIFY_STATE } from "../../model/notify-state.ts";
import type { PayNotifyRow } from "../../model/pay-notify-model.ts";
import { channelOf } from "../channel-of.ts";
import type { ServiceContext } from "../context.ts";
import { notDecidedYet } from "../errors.ts";
import { pursueRefund } from "../pursuit/pursue-refund.ts";
import { askAttempt } from "../pursuit/settle-attempt.ts";
import type { NotifyPayload } from "./pay-jobs.ts";

const ERROR_LENGTH_MAX = 255;

/**
 * Acts on a stored notification. It says that there is something to ask about, no more: even a signed amount that is
 * the one we expect may not be the one that was paid.
 */
export async function notify(
  context: ServiceContext,
  call: Call,
  { notifyId }: NotifyPayload,
): Promise<void> {
  const row = await context.notifyModel.findOne(notifyId);
  if (row === undefined) throw notDecidedYet();
  const parsed = read(context, row);
  if (parsed instanceof AppError) {
    const error = `${parsed.reason}: ${parsed.message}`.slice(0, ERROR_LENGTH_MAX).toWellFormed();
    await context.notifyModel.update(notifyId, { state: NOTIFY_STATE.dead, error });
    return;
  }
  const isOurs = await (parsed.kind === "trade" ? actOnTrade : actOnRefund)(
    context,
    call,
    row.channel,
    parsed,
  );
  const state = isOurs ? NOTIFY_STATE.processed : NOTIFY_STATE.ignored;
  await context.notifyModel.update(notifyId, { state, error: "" });
}

/** It was verified when it came, and is read as of then. */
function read(context: ServiceContext, { channel, headers, body, receivedAt }: PayNotifyRow) {
  const parsedHeaders = JSON.parse(headers) as Record<string, string>;
  try {
    return channelOf(context, channel).parseNotify({ headers: parsedHeaders, body }, receivedAt);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Whether there is such an attempt. */
async function actOnTrade(
  context: ServiceContext,
  call: Call,
  channel: string,
  { outTradeNo }: ParsedNotify,
): Promise<boolean> {
  const attempt = await context.attemptModel.findOneByOutTradeNo(outTradeNo);
  if (attempt === undefined || attempt.channel !== channel) return false;
  if (!hasMoney(attempt.state)) await askAttempt(context, call, attempt);
  return true;
}

/** Whether there is such a refund. */
async function actOnRefund(
  context: ServiceContext,
  call: Call,
  channel: string,
  parsed: ParsedNotify,
): Promise<boolean> {
  const refundNo = parsed.kind === "refund" ? parsed.refundNo : "";
  const refund = await context.refundModel.findOneByRefundNo(refundNo);
  const attempt = refund && (await context.attemptModel.findOne(refund.attemptId));
  if (refund === undefined || attempt?.channel !== channel) return false;
  await pursueRefund(context, call, refund.id);
  return true;
}
