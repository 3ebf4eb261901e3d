import { DuplicateKeyError } from "@mall/kit/store";
import type { ParsedNotify, RawNotify } from "../channels/channel.ts";
import type { ServiceContext } from "../rpc/context.ts";

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
  const { kind, eventKey } = parsed;
  const subject = kind === "refund" ? parsed.refundNo : parsed.outTradeNo;
  const row = { channel, eventKey, kind, subject, headers: JSON.stringify(headers), body, receivedAt };
  try {
    await database.share(async (tx) => {
      const notifyId = await notifyModel.insert(row, tx);
      await jobs.notify(tx, { notifyId, channel, kind, subject });
    });
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
    await notifyModel.countAgain(channel, eventKey);
  }
}
