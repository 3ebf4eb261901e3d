import type { Call } from "@mall/kit/call";
import type { Transaction } from "@mall/kit/store";
import { askAttempt, channelOf, demandAnswer } from "../attempt/ask-attempt.ts";
import type { DisputeMove, DisputeState } from "../channels/channel.ts";
import { lockSubject } from "../intent/lock.ts";
import { hasMoney } from "../model/attempt-state.ts";
import { ACCOUNT, movedLine } from "../model/ledger-model.ts";
import type { PayAttempt, PayAttemptRow } from "../model/pay-attempt-model.ts";
import { NOTIFY_STATE, type PayNotifyRow } from "../model/pay-notify-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { channelUnavailable, notDecidedYet } from "../rpc/errors.ts";
import type { Dispute, NotifySubject } from "../rpc/pay-jobs.ts";

/** What a channel said of a dispute. */
type DisputeSubject = NotifySubject & { readonly kind: Dispute };

export function isDispute(said: NotifySubject): said is DisputeSubject {
  return said.kind === "dispute" || said.kind === "disputed";
}

/**
 * Keeps what a channel said of a dispute beside its payment: one that is not over waits for somebody until the channel
 * says that it is. What it has moved by now, and whether it is over, the channel is asked; the books then say so.
 */
export async function recordDispute(
  context: ServiceContext,
  call: Call,
  notifyId: number,
  said: DisputeSubject,
): Promise<void> {
  const { channel, disputeNo = "" } = said;
  const isSaidToBeOver = said.kind === "disputed";
  const known = await attemptOf(context, said);
  // Whoever has to answer it need not wait until the channel can be asked.
  if (known !== undefined && !isSaidToBeOver)
    await mark(context, notifyId, { state: NOTIFY_STATE.disputed, subject: known.outTradeNo });
  const asked = await askChannel(context, call, { channel, disputeNo });
  const attempt = known ?? (asked && (await attemptOf(context, { channel, subject: asked.outTradeNo })));
  if (attempt === undefined) {
    await mark(context, notifyId, { state: NOTIFY_STATE.ignored, subject: said.subject });
    return;
  }
  if (asked !== undefined) await bookMoves(context, await paidAttempt(context, call, attempt), asked);
  const { outTradeNo: subject } = attempt;
  if (asked?.isOver ?? isSaidToBeOver) await endDispute(context, notifyId, { channel, disputeNo, subject });
  else await mark(context, notifyId, { state: NOTIFY_STATE.disputed, subject });
}

/** The attempt whose money it is, by our number, or by the channel's own. */
async function attemptOf(
  { attemptModel }: ServiceContext,
  { channel, subject }: Pick<DisputeSubject, "channel" | "subject">,
): Promise<PayAttemptRow | undefined> {
  if (subject === "") return undefined;
  const ours = await attemptModel.findOneByOutTradeNo(subject);
  if (ours?.channel === channel) return ours;
  const [theirs] = await attemptModel.findMany((query) =>
    query.where("channel_trade_no", "=", subject).where("channel", "=", channel).orderBy("id").limit(1),
  );
  return theirs;
}

async function mark(
  { notifyModel }: ServiceContext,
  notifyId: number,
  { state, subject }: { readonly state: number; readonly subject: string },
): Promise<void> {
  await notifyModel.update(notifyId, { state, subject, error: "" });
}

/** A dispute by its channel's number, and what that says of it. */
interface AskedDispute extends DisputeState {
  readonly disputeNo: string;
}

/**
 * The dispute as its channel has it now; undefined where it tells of none, or its number was not kept.
 *
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE.
 */
async function askChannel(
  context: ServiceContext,
  call: Call,
  { channel: name, disputeNo }: { readonly channel: string; readonly disputeNo: string },
): Promise<AskedDispute | undefined> {
  const channel = channelOf(context, name);
  if (channel.queryDispute === undefined || disputeNo === "") return undefined;
  return { ...demandAnswer(channel, await channel.queryDispute(call, disputeNo)), disputeNo };
}

/**
 * The attempt once its money is written down: a dispute may be heard of before the payment is.
 *
 * @throws AppError ABORTED NOT_DECIDED_YET, CHANNEL_UNAVAILABLE.
 */
async function paidAttempt(
  context: ServiceContext,
  call: Call,
  attempt: PayAttemptRow,
): Promise<PayAttemptRow> {
  if (hasMoney(attempt.state)) return attempt;
  await askAttempt(context, call, attempt);
  const asked = await context.attemptModel.findOne(attempt.id);
  if (asked === undefined || !hasMoney(asked.state)) throw notDecidedYet();
  return asked;
}

/**
 * Writes down what a dispute has moved, with its entries in the books, each movement once.
 *
 * @throws AppError ABORTED CHANNEL_UNAVAILABLE where it cannot be of this attempt's money.
 */
async function bookMoves(
  context: ServiceContext,
  paid: PayAttemptRow,
  { disputeNo, tradeNo, currency, moves }: AskedDispute,
): Promise<void> {
  const { id, payId, channel } = paid;
  if (tradeNo !== paid.channelTradeNo || currency !== paid.receivedCurrency)
    throw channelUnavailable(channel, new Error(`dispute ${disputeNo} is of ${tradeNo} in ${currency}`));
  await context.database.transaction(async (tx) => {
    const { attempt } = await lockSubject(context, tx, { id, payId });
    const booked = await context.disputeMoveModel.findMany(
      (query) => query.where("pay_id", "=", payId).where("channel", "=", channel),
      tx,
    );
    const known = new Set(booked.map(({ moveNo }) => moveNo));
    for (const move of moves.filter(({ moveNo }) => !known.has(moveNo)))
      await bookMove(context, tx, { attempt, disputeNo, move });
  });
}

async function bookMove(
  { disputeMoveModel, ledger }: ServiceContext,
  tx: Transaction,
  {
    attempt,
    disputeNo,
    move,
  }: { readonly attempt: PayAttempt; readonly disputeNo: string; readonly move: DisputeMove },
): Promise<void> {
  const { moveNo, amount, fee } = move;
  const lines = [
    ...movedLine(ACCOUNT.channel(attempt.channel), amount - fee),
    ...movedLine(ACCOUNT.fees, fee),
    ...movedLine(ACCOUNT.disputes, -amount),
  ];
  if (lines.length === 0) return;
  const { payId, channel, receivedCurrency: currency } = attempt;
  const row = { payId, attemptId: attempt.id, channel, disputeNo, moveNo, amount, fee, currency };
  const id = await disputeMoveModel.insert(row, tx);
  await ledger.post(tx, { key: `dispute:${id}`, payId, currency, lines });
}

/** Nobody has to answer a dispute any more: all that was said of it has been acted on. */
async function endDispute(
  { database, notifyModel }: ServiceContext,
  notifyId: number,
  {
    channel,
    disputeNo,
    subject,
  }: Pick<DisputeSubject, "channel" | "subject"> & { readonly disputeNo: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    await notifyModel.update(notifyId, { state: NOTIFY_STATE.processed, subject, error: "" }, { tx });
    const open = await notifyModel.findMany(
      (query) => query.where("subject", "=", subject).where("state", "=", NOTIFY_STATE.disputed),
      tx,
    );
    const isSame = (each: PayNotifyRow): boolean =>
      each.channel === channel && (each.disputeNo === disputeNo || each.disputeNo === "");
    for (const { id } of open.filter(isSame))
      await notifyModel.update(id, { state: NOTIFY_STATE.processed }, { tx });
  });
}
