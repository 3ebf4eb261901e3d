import type { PayAttemptRow } from "../model/pay-attempt-model.ts";
import { NOTIFY_STATE } from "../model/pay-notify-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { Dispute, NotifySubject } from "../rpc/pay-jobs.ts";

/** What a channel said of a dispute. */
type DisputeSubject = NotifySubject & { readonly kind: Dispute };

export function isDispute(said: NotifySubject): said is DisputeSubject {
  return said.kind === "dispute" || said.kind === "disputed";
}

/**
 * Keeps what a channel said of a dispute beside its payment: one that is not over waits for somebody until the channel
 * says that it is. Nothing is decided by it; what it moves at the channel is in the channel's bill alone.
 */
export async function recordDispute(
  context: ServiceContext,
  notifyId: number,
  said: DisputeSubject,
): Promise<void> {
  const { database, notifyModel } = context;
  const attempt = await attemptOf(context, said);
  const subject = attempt?.outTradeNo ?? said.subject;
  const isOver = said.kind === "disputed";
  await database.transaction(async (tx) => {
    const waits = isOver ? NOTIFY_STATE.processed : NOTIFY_STATE.disputed;
    const state = attempt === undefined ? NOTIFY_STATE.ignored : waits;
    await notifyModel.update(notifyId, { state, subject, error: "" }, { tx });
    if (attempt === undefined || !isOver) return;
    const same = await notifyModel.findMany(
      (query) => query.where("subject", "=", subject).where("state", "=", NOTIFY_STATE.disputed),
      tx,
    );
    for (const { id, channel } of same)
      if (channel === said.channel) await notifyModel.update(id, { state: NOTIFY_STATE.processed }, { tx });
  });
}

/** The attempt whose money it is, by our number, or by the channel's own. */
async function attemptOf(
  { attemptModel }: ServiceContext,
  { channel, subject }: DisputeSubject,
): Promise<PayAttemptRow | undefined> {
  const ours = await attemptModel.findOneByOutTradeNo(subject);
  if (ours?.channel === channel) return ours;
  const [theirs] = await attemptModel.findMany((query) =>
    query.where("channel_trade_no", "=", subject).where("channel", "=", channel).orderBy("id").limit(1),
  );
  return theirs;
}
