import { DuplicateKeyError } from "@mall/kit/store";
import type { ParsedNotify, RawNotify } from "../../channels/channel.ts";
import type { ServiceContext } from "../context.ts";

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
  const subject = parsed.kind === "refund" ? parsed.refundNo : parsed.outTradeNo;
  const row = { channel, eventKey, subject, headers: JSON.stringify(headers), body, receivedAt };
  try {
    await database.share(async (tx) => jobs.notify(tx, await notifyModel.insert(row, tx)));
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
    await notifyModel.countAgain(channel, eventKey);
  }
}
