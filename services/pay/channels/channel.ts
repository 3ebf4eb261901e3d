import type { Call } from "@mall/kit/call";

/**
 * How a call to a channel ended. `no` is the channel's own refusal: nothing changed there, and asking again
 * changes nothing. `unknown` is everything else (no answer, an answer that cannot be read or is not the
 * channel's): it may or may not have happened, and only a query tells.
 */
export type Answer<T> =
  | { readonly kind: "yes"; readonly value: T }
  /** `reason` is stable and UPPER_SNAKE, `message` the channel's words for people. */
  | { readonly kind: "no"; readonly reason: string; readonly message: string }
  | { readonly kind: "unknown"; readonly cause: unknown };

/**
 * How a buyer pays at a channel, which takes some of these: a code that a phone scans, a page for a desk, a page for a
 * phone's browser (`wap`, and `h5`, which opens the channel's app), inside the channel's own app (`jsapi`), by its SDK
 * in the shop's app (`app`), on a page of the channel's (`checkout`), or in a form of the shop's (`intent`).
 */
export type PayProduct = "qr" | "page" | "wap" | "h5" | "jsapi" | "app" | "checkout" | "intent";

/** What a credential is: an address to open, a text to draw as a QR code, or what the channel's SDK is given. */
type CredentialKind = "url" | "qr" | "sdk";

/** What a buyer's client needs to pay. */
interface Credential {
  readonly kind: CredentialKind;
  readonly text: string;
}

/** One try to be paid, as a channel is told of it; amounts are integers in the currency's minor unit (fen). */
export interface PrepayRequest {
  /** The attempt's number: the channel opens at most one trade for it, however often it is asked. */
  readonly outTradeNo: string;
  readonly amount: number;
  /** ISO 4217, e.g. `CNY`. */
  readonly currency: string;
  /** What the buyer reads. */
  readonly subject: string;
  /** Until when the channel takes the money, milliseconds since the Unix epoch. */
  readonly expireAt: number;
  readonly product: PayProduct;
  /** Who pays, as the channel knows people (an openid); `jsapi` demands it. */
  readonly payerId?: string | undefined;
  /** Where the buyer's browser is, an IP address; `h5` demands it. */
  readonly clientAddress?: string | undefined;
  /** Where the channel sends the buyer's browser after the payment. */
  readonly returnUrl?: string | undefined;
}

/** A trade that a channel has opened. */
export interface Opened {
  readonly credential: Credential;
  /** What the channel calls it from now on, where it does not go by our number: at most 128 ASCII characters. */
  readonly channelRef?: string;
}

/** A trade as its channel is asked about it. */
export interface TradeRef {
  readonly outTradeNo: string;
  /** As it was opened with; empty where the channel goes by our number, or its answer was lost. */
  readonly channelRef: string;
  /** When it was written down here, milliseconds since the Unix epoch: its channel has not heard of it before. */
  readonly beganAt: number;
}

/** A trade that was paid, in the channel's words. */
export interface PaidTrade {
  readonly state: "paid";
  /** The channel's own number of the trade. */
  readonly tradeNo: string;
  /** What the buyer was charged, minor units. */
  readonly amount: number;
  readonly currency: string;
  /** What the channel keeps of it, minor units; absent where it does not tell before its bill. */
  readonly fee?: number;
  /** Milliseconds since the Unix epoch. */
  readonly paidAt: number;
}

/**
 * Where a trade stands at its channel. `absent`: the channel has not heard of the number, or not yet: of a link or a
 * code that no buyer has opened.
 */
export type TradeState = { readonly state: "open" | "closed" | "absent" } | PaidTrade;

/** A refund as its channel is asked about it. */
interface RefundRef {
  readonly trade: TradeRef;
  /** The refund's number: the channel makes at most one refund for it, however often it is asked. */
  readonly refundNo: string;
}

/** A refund as a channel is told of it; amounts in minor units. */
interface RefundRequest extends RefundRef {
  readonly amount: number;
  readonly currency: string;
  /** What the trade was paid with. */
  readonly total: number;
}

/** Where a refund stands at its channel. `succeeded` and `failed` are final; `absent`: never heard of. */
export interface RefundState {
  readonly state: "processing" | "succeeded" | "failed" | "absent";
  /** The channel's own number of the refund. */
  readonly channelRefundNo?: string;
}

/** What a channel posted: the bytes as they came, header names in lower case. */
export interface RawNotify {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A notification that was verified. It is a hint: who acts on it compares, and asks the channel when in doubt. */
export type ParsedNotify = {
  /** The channel's own number of the event, at most 64 ASCII characters: the same again for every delivery. */
  readonly eventKey: string;
  readonly outTradeNo: string;
} & (
  | { readonly kind: "trade"; readonly hint: TradeState }
  | { readonly kind: "refund"; readonly refundNo: string; readonly hint: RefundState }
);

/** What a channel takes for an acknowledgement. */
interface NotifyReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Where buyers pay. Every call to it ends in yes, no or unknown and never rejects; a number (`outTradeNo`,
 * `refundNo`) asked for again has the same outcome and no second effect.
 */
export interface Channel {
  /** Of the account at it, as in `/api/pay/notify/<name>` and the `Channels` block: at most 16 of a-z, 0-9 and -. */
  readonly name: string;
  /** What `pay.source` holds for payments by this channel. */
  readonly source: number;
  /** Where it posts notifications to, where it is told so by us. */
  readonly notifyUrl?: string;
  /**
   * When it has no key or certificate of one kind any more unless others are added, milliseconds since the Unix epoch;
   * undefined where they have no end.
   */
  keysEndAt?(): number | undefined;
  /** Whether it tells a fee that it did not know with the payment when it is asked again some time later. */
  readonly tellsFeesLater?: boolean;
  /** What it can be paid by; the first is taken where nobody chooses. */
  readonly products: readonly [PayProduct, ...PayProduct[]];
  prepay(call: Call, attempt: PrepayRequest): Promise<Answer<Opened>>;
  query(call: Call, trade: TradeRef): Promise<Answer<TradeState>>;
  /**
   * Makes sure that a trade takes no money any more: `closed`, also where the channel has never heard of it
   * and from now on refuses the number; `paid` where the money came first; `absent` where the channel has not heard of
   * the number and may still: what was given for it can be paid until its own end.
   */
  close(call: Call, trade: TradeRef): Promise<Answer<{ readonly state: "closed" | "absent" } | PaidTrade>>;
  refund(call: Call, refund: RefundRequest): Promise<Answer<RefundState>>;
  queryRefund(call: Call, refund: RefundRef): Promise<Answer<RefundState>>;
  /**
   * Verifies a notification and reads it; keys that it names and that are not known yet are asked for. `now`:
   * milliseconds since the Unix epoch.
   *
   * @throws AppError UNAUTHENTICATED NOTIFY_FORGED for anything that the channel did not sign, or, where it signs the time, not lately;
   * UNAVAILABLE CHANNEL_UNAVAILABLE where its keys cannot be had now: it is to send it again.
   */
  parseNotify(call: Call, notify: RawNotify, now: number): Promise<ParsedNotify>;
  /**
   * The answer to a notification that is stored, so that the channel need not send it again. Every other one is
   * answered as any request that is refused: channels go by the status (Alipay by the body, which must be `success`),
   * and whoever forges has no words of theirs to hear.
   */
  notifyReply(): NotifyReply;
}
