import type { Call } from "@mall/kit/call";
import { DuplicateKeyError } from "@mall/kit/store";
import { askAttempt } from "../attempt/ask-attempt.ts";
import type { ParsedNotify, RawNotify } from "../channels/channel.ts";
import { hasMoney } from "../model/attempt-state.ts";
import { NOTIFY_STATE } from "../model/pay-notify-model.ts";
import type { Also } from "../receipt/record-success.ts";
import { lookAgain } from "../refund/look-again.ts";
import { pursueRefund } from "../refund/pursue-refund.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { notDecidedYet, refundExceeds } from "../rpc/errors.ts";
import type { NotifyPayload, NotifySubject } from "../rpc/pay-jobs.ts";
import { isDispute, recordDispute } from "./disputes.ts";

/** A notification that its channel signed. */
interface VerifiedNotify extends RawNotify {
  readonly channel: string;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly parsed: ParsedNotify;
}

/** Stores a notification with the job that acts on it; one that is stored is counted. */
export async function storeNotify(
  { database, notifyModel, jobs }: ServiceContext,
  { channel, headers, body, receivedAt, parsed }: VerifiedNotify,
): Promise<void> {
  const { eventKey } = parsed;
  const about = aboutOf(parsed);
  const row = { channel, eventKey, ...about, headers: JSON.stringify(headers), body, receivedAt };
  try {
    await database.share(async (tx) => {
      const notifyId = await notifyModel.insert(row, tx);
      await jobs.notify(tx, { notifyId, channel, ...about });
    });
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
    await notifyModel.countAgain(channel, eventKey);
  }
}

function aboutOf(parsed: ParsedNotify): Omit<NotifySubject, "channel"> {
  if (parsed.kind === "trade") return { kind: "trade", subject: parsed.outTradeNo };
  if (parsed.kind === "refund") return { kind: "refund", subject: parsed.refundNo };
  const { isOver, tradeNo: subject, disputeNo } = parsed;
  return { kind: isOver ? "disputed" : "dispute", subject, disputeNo };
}

/**
 * Acts on a stored notification. It says that there is something to ask about, no more: even a signed amount that is
 * the one we expect may not be the one that was paid.
 */
export async function notify(context: ServiceContext, call: Call, payload: NotifyPayload): Promise<void> {
  const mark = (state: number): Also => {
    return (tx) => context.notifyModel.update(payload.notifyId, { state, error: "" }, { tx });
  };
  const processed = mark(NOTIFY_STATE.processed);
  const said = await subjectOf(context, payload);
  if (isDispute(said)) return recordDispute(context, call, payload.notifyId, said);
  const outcome = await act(context, call, said, processed);
  if (outcome === "marked") return;
  await context.database.share(outcome === "ours" ? processed : mark(NOTIFY_STATE.ignored));
}

/** Whether it is about something of ours, and was marked so with what followed. */
type Outcome = "marked" | "ours" | "others";

/** As it was read when it was verified, by the keys of then. */
async function subjectOf(context: ServiceContext, payload: NotifyPayload): Promise<NotifySubject> {
  const { notifyId, channel, kind, subject, disputeNo } = payload;
  if (channel !== undefined && kind !== undefined && subject !== undefined)
    return { channel, kind, subject, ...(disputeNo !== undefined && { disputeNo }) };
  const row = await context.notifyModel.findOne(notifyId);
  if (row === undefined) throw notDecidedYet();
  return { channel: row.channel, kind: kindOf(row.kind), subject: row.subject, disputeNo: row.disputeNo };
}

const KINDS = ["trade", "refund", "dispute", "disputed"] as const;

function kindOf(text: string): NotifySubject["kind"] {
  return KINDS.find((kind) => kind === text) ?? "";
}

/** Where it was not kept which of the two it is, a trade is looked for first. */
async function act(
  context: ServiceContext,
  call: Call,
  said: NotifySubject,
  processed: Also,
): Promise<Outcome> {
  const asTrade = said.kind === "refund" ? "others" : await actOnTrade(context, call, said, processed);
  return asTrade === "others" && said.kind !== "trade" ? actOnRefund(context, call, said) : asTrade;
}

async function actOnTrade(
  context: ServiceContext,
  call: Call,
  { channel, subject }: NotifySubject,
  processed: Also,
): Promise<Outcome> {
  const attempt = await context.attemptModel.findOneByOutTradeNo(subject);
  if (attempt === undefined || attempt.channel !== channel) return "others";
  if (hasMoney(attempt.state)) return "ours";
  return (await askAttempt(context, call, attempt, processed)) === "paid" ? "marked" : "ours";
}

async function actOnRefund(
  context: ServiceContext,
  call: Call,
  { channel, subject }: NotifySubject,
): Promise<Outcome> {
  const refund = await context.refundModel.findOneByRefundNo(subject);
  const attempt = refund && (await context.attemptModel.findOne(refund.attemptId));
  if (refund === undefined || attempt?.channel !== channel) return "others";
  await pursueRefund(context, call, refund.id);
  // It may have become known meanwhile that it was made, by an answer from before its money came back.
  const known = (await context.refundModel.findOne(refund.id)) ?? refund;
  const end = await lookAgain(context, call, known);
  if (end === "under way") throw notDecidedYet();
  if (end === "no room") throw refundExceeds();
  return "ours";
}
