import { AppError } from "@mall/kit/errors";
import { z } from "zod";
import type { ParsedNotify, RawNotify } from "../channel.ts";
import { readJson } from "../read-json.ts";
import type { PlatformKeys } from "./platform-keys.ts";
import { refundNotice, refundStateOf } from "./refunds.ts";
import { openResource, sealedResource } from "./resource.ts";
import type { Merchant } from "./signed-requests.ts";
import { isOf, tradeMessage, tradeStateOf } from "./trades.ts";
import { whyNotGenuine } from "./verify.ts";
import { wireName, wireNumber } from "./wire.ts";

/** The envelope of a notification's encrypted resource. */
const envelope = z.object({
  /** The same for every delivery. */
  id: wireNumber,
  /** `TRANSACTION.SUCCESS`, `REFUND.SUCCESS` and so on. */
  event_type: wireName,
  resource: sealedResource,
});

type Envelope = z.output<typeof envelope>;

/**
 * Verifies, decrypts and parses a notification to an account.
 *
 * @throws AppError UNAUTHENTICATED NOTIFY_FORGED; UNAVAILABLE CHANNEL_UNAVAILABLE if the key that it names is not
 * available now.
 */
export async function readNotify(
  merchant: Merchant,
  platform: PlatformKeys,
  { notify, now }: { readonly notify: RawNotify; readonly now: number },
): Promise<ParsedNotify> {
  const why = await whyNotGenuine(notify, (serial) => findKey(platform, serial), now);
  if (why !== undefined) throw forged(why);
  const message = envelope.safeParse(readJson(notify.body));
  if (!message.success) throw forged("it is not of the form that WeChat Pay writes");
  const subject = openResource(message.data.resource, merchant.keys.apiV3Keys());
  if (subject === undefined) throw forged("no APIv3 key of the account opens it");
  return readSubject(merchant, message.data, readJson(subject));
}

async function findKey(platform: PlatformKeys, serial: string) {
  try {
    return await platform.find(serial);
  } catch (cause) {
    const message = "the certificate that signed the notification is not available now";
    throw new AppError("UNAVAILABLE", "CHANNEL_UNAVAILABLE", message, { cause });
  }
}

function readSubject(merchant: Merchant, { id, event_type }: Envelope, subject: unknown): ParsedNotify {
  if (event_type.startsWith("TRANSACTION.")) return readTrade(merchant, id, subject);
  if (event_type.startsWith("REFUND.")) return readRefund(merchant, id, subject);
  // WeChat Pay's, but not about payments: stored, and about nothing of ours.
  return { kind: "trade", eventKey: id, outTradeNo: "", hint: { state: "absent" } };
}

function readTrade({ account }: Merchant, eventKey: string, subject: unknown): ParsedNotify {
  const told = tradeMessage.safeParse(subject);
  if (!told.success) throw forged("what it tells of a trade cannot be read");
  if (!isOf(account, told.data)) throw forged("it is about another app or merchant");
  // An unknown state is a reason to query, like any other.
  const hint = stateTold(() => tradeStateOf(told.data)) ?? { state: "open" };
  return { kind: "trade", eventKey, outTradeNo: told.data.out_trade_no, hint };
}

function readRefund({ account }: Merchant, eventKey: string, subject: unknown): ParsedNotify {
  const told = refundNotice.safeParse(subject);
  if (!told.success) throw forged("what it tells of a refund cannot be read");
  const { mchid, out_trade_no: outTradeNo, out_refund_no: refundNo, refund_status, refund_id } = told.data;
  if (mchid !== account.MchId) throw forged("it is about another merchant");
  const hint = refundStateOf(refund_status, refund_id) ?? { state: "processing" };
  return { kind: "refund", eventKey, outTradeNo, refundNo, hint };
}

/** Reads the state from a notification; one that cannot be read is refused. */
function stateTold<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw forged("what it tells of a payment cannot be read", cause);
  }
}

function forged(why: string, cause?: unknown): AppError {
  return new AppError("UNAUTHENTICATED", "NOTIFY_FORGED", `the notification is not WeChat Pay's: ${why}`, {
    cause,
  });
}
