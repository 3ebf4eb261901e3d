import { createHash, type KeyObject } from "node:crypto";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ParsedNotify, RawNotify } from "../channel.ts";
import type { AlipayAccount } from "./config.ts";
import { isSignedBy, type Parameters, SIGN_TYPE, signedText } from "./signature.ts";
import type { TheirKeys } from "./their-keys.ts";
import { stateOf } from "./trade.ts";
import { notification } from "./wire.ts";

/** The longest text that fits `pay_notify.event_key`. */
const EVENT_KEY_LENGTH_MAX = 64;

/**
 * Verifies and parses a notification that Alipay signed for this account. Its send time is not checked: deliveries are
 * repeated for up to a day, and Alipay does not say whether that time is then updated. Repeated deliveries are
 * recognised by their `notify_id`.
 *
 * @throws AppError UNAUTHENTICATED NOTIFY_FORGED; UNAVAILABLE CHANNEL_UNAVAILABLE if its certificate is not available
 * now.
 */
export async function readNotify(
  call: Call,
  { body }: RawNotify,
  now: number,
  { account, theirs }: { readonly account: AlipayAccount; readonly theirs: TheirKeys },
): Promise<ParsedNotify> {
  const parameters = parametersOf(body);
  const keys = await keysOf(call, theirs, parameters);
  if (!isSigned(parameters, keys)) throw forged("is not signed by Alipay");
  const said = notification.safeParse(Object.fromEntries(parameters));
  if (!said.success) throw forged("is not about a trade or a refund");
  const { app_id, seller_id } = said.data;
  if (app_id !== account.AppId) throw forged("is for another app");
  if (account.SellerId !== undefined && seller_id !== account.SellerId)
    throw forged("is for another merchant");
  return toParsed(said.data, now);
}

/** The parameters of a form, decoded once. */
function parametersOf(body: Uint8Array): Parameters {
  const form = new URLSearchParams(Buffer.from(body).toString("utf8"));
  const parameters = new Map(form);
  if (parameters.size !== form.size) throw forged("names a parameter twice");
  return parameters;
}

async function keysOf(call: Call, theirs: TheirKeys, parameters: Parameters): Promise<KeyObject[]> {
  try {
    return await theirs.ofNotify(call, parameters.get("alipay_cert_sn"));
  } catch (cause) {
    const message = "the certificate that signed the notification is not available now";
    throw new AppError("UNAVAILABLE", "CHANNEL_UNAVAILABLE", message, { cause });
  }
}

/** Alipay's SDKs disagree on whether empty parameters are signed, so both are accepted. */
function isSigned(parameters: Parameters, keys: readonly KeyObject[]): boolean {
  if (parameters.get("sign_type") !== SIGN_TYPE) return false;
  const sign = parameters.get("sign") ?? "";
  const received = new Map([...parameters].filter(([name]) => name !== "sign" && name !== "sign_type"));
  if (isSignedBy(keys, signedText(received), sign)) return true;
  const full = new Map([...received].filter(([, value]) => value !== ""));
  return full.size < received.size && isSignedBy(keys, signedText(full), sign);
}

function toParsed(
  { notify_id, out_biz_no: refundNo, gmt_refund, gmt_payment, ...told }: Notification,
  now: number,
): ParsedNotify {
  const event = { eventKey: eventKeyOf(notify_id), outTradeNo: told.out_trade_no };
  // A refund made by hand at Alipay has no number of ours; the notification is then about the trade.
  if (gmt_refund !== undefined && refundNo !== undefined) {
    return { ...event, kind: "refund", refundNo, hint: { state: "succeeded" } };
  }
  // An unknown state is a reason to query, like any other.
  const hint = stateOf({ ...told, paidAt: gmt_payment }, now) ?? { state: "open" };
  return { ...event, kind: "trade", hint };
}

type Notification = ReturnType<typeof notification.parse>;

function eventKeyOf(id: string): string {
  return id.length <= EVENT_KEY_LENGTH_MAX ? id : createHash("sha256").update(id).digest("hex");
}

function forged(why: string): AppError {
  return new AppError("UNAUTHENTICATED", "NOTIFY_FORGED", `the notification ${why}`);
}
