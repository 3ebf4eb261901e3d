import type { Call } from "@mall/kit/call";
import type { HttpStreams } from "@mall/kit/http";
import type { Bill } from "./bills/bill.ts";

/**
 * The outcome of a call to a channel. `no` is the channel's own refusal: nothing changed there, and a retry changes
 * nothing. `unknown` is everything else (no answer, or one that cannot be read or is not the channel's): it may or may
 * not have taken effect, and only a query can tell.
 */
export type Answer<T> =
  | { readonly kind: "yes"; readonly value: T }
  /** `reason` is stable and UPPER_SNAKE; `message` is the channel's text for people. */
  | { readonly kind: "no"; readonly reason: string; readonly message: string }
  | { readonly kind: "unknown"; readonly cause: unknown };

/**
 * How a buyer pays; each channel supports some of these: a QR code to scan, a page for a desktop browser, a page for a
 * phone's browser (`wap`, and `h5`, which opens the channel's app), inside the channel's own app (`jsapi`), through its
 * SDK in the shop's app (`app`), on a page hosted by the channel (`checkout`), or in a form of the shop's (`intent`).
 */
export type PayProduct = "qr" | "page" | "wap" | "h5" | "jsapi" | "app" | "checkout" | "intent";

/** The kind of a credential: an address to open, a text to show as a QR code, or parameters for the channel's SDK. */
type CredentialKind = "url" | "qr" | "sdk";

/** What a buyer's client needs in order to pay. */
interface Credential {
  readonly kind: CredentialKind;
  readonly text: string;
}

/** An attempt as it is sent to a channel. Amounts are integers in the currency's minor unit (fen). */
export interface PrepayRequest {
  /** The attempt's number: a channel opens at most one trade per number, however often it is asked. */
  readonly outTradeNo: string;
  readonly amount: number;
  /** ISO 4217, e.g. `CNY`. */
  readonly currency: string;
  /** The title shown to the buyer. */
  readonly subject: string;
  /** Until when the channel accepts the payment, milliseconds since the Unix epoch. */
  readonly expireAt: number;
  readonly product: PayProduct;
  /** The payer's id at the channel (an openid); required for `jsapi`. */
  readonly payerId?: string | undefined;
  /** The IP address of the buyer's browser; required for `h5`. */
  readonly clientAddress?: string | undefined;
  /** Where the channel sends the buyer's browser after the payment. */
  readonly returnUrl?: string | undefined;
}

/** A trade that a channel has opened. */
export interface Opened {
  readonly credential: Credential;
  /** The channel's own reference, if it does not use our number: at most 128 ASCII characters. */
  readonly channelRef?: string;
}

/** Identifies a trade to its channel. */
export interface TradeRef {
  readonly outTradeNo: string;
  /** As returned when it was opened; empty if the channel uses our number, or if its answer was lost. */
  readonly channelRef: string;
  /** The channel's own number of its payment, where that is known. */
  readonly tradeNo?: string;
  /** When the attempt was stored here, milliseconds since the Unix epoch; its channel cannot know it from before. */
  readonly beganAt: number;
}

/** A paid trade, as the channel reports it. */
export interface PaidTrade {
  readonly state: "paid";
  /** The channel's own number of the trade. */
  readonly tradeNo: string;
  /** What the buyer was charged, minor units. */
  readonly amount: number;
  readonly currency: string;
  /** The channel's fee, minor units; absent if it is only known from its bill. */
  readonly fee?: number;
  /** Milliseconds since the Unix epoch. */
  readonly paidAt: number;
}

/**
 * The state of a trade at its channel. `absent`: the channel does not know the number, or not yet, as with a link or
 * code that no buyer has opened.
 */
export type TradeState = { readonly state: "open" | "closed" | "absent" } | PaidTrade;

/** Identifies a refund to its channel. */
interface RefundRef {
  readonly trade: TradeRef;
  /** The refund's number: a channel makes at most one refund per number, however often it is asked. */
  readonly refundNo: string;
}

/** A refund as it is sent to a channel; amounts in minor units. */
interface RefundRequest extends RefundRef {
  readonly amount: number;
  readonly currency: string;
  /** What was paid for the trade. */
  readonly total: number;
}

/**
 * The state of a refund at its channel. `failed` is final, and `succeeded` unless the buyer's bank sends the money back
 * afterwards: then it is `failed`. `stuck`: it goes no further until somebody has seen to it at the channel; `absent`:
 * the channel does not know the number.
 */
export interface RefundState {
  readonly state: "processing" | "stuck" | "succeeded" | "failed" | "absent";
  /** The channel's own number of the refund. */
  readonly channelRefundNo?: string;
}

/** Money that a dispute has moved at its channel; amounts in minor units. */
export interface DisputeMove {
  /** The channel's own number of the movement: at most 64 ASCII characters. */
  readonly moveNo: string;
  /** What the merchant has more of by it, before the fee: negative where the buyer's bank took it. */
  readonly amount: number;
  /** What the channel keeps for it; negative where it gives a fee back. */
  readonly fee: number;
}

/** A dispute as its channel reports it. */
export interface DisputeState {
  /** The number of ours that the trade has; empty where it has none, and is another's. */
  readonly outTradeNo: string;
  /** The channel's own number of the trade. */
  readonly tradeNo: string;
  /** Whether it takes no answer any more. */
  readonly isOver: boolean;
  readonly currency: string;
  /** All that it has moved so far. */
  readonly moves: readonly DisputeMove[];
}

/** A notification as it was received: the raw bytes, and header names in lower case. */
export interface RawNotify {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * A verified notification. It is only a hint: whoever acts on it asks the channel. By a dispute a buyer asks the bank
 * for the money of a trade back, which may take it; `tradeNo` is the channel's own number, and so is `disputeNo`.
 */
export type ParsedNotify = {
  /** The channel's own number of the event, at most 64 ASCII characters: the same for every delivery of it. */
  readonly eventKey: string;
  /** Empty where it is about nothing of ours, or names only the channel's own number. */
  readonly outTradeNo: string;
} & (
  | {
      readonly kind: "dispute";
      readonly disputeNo: string;
      readonly tradeNo: string;
      readonly isOver: boolean;
    }
  | { readonly kind: "trade"; readonly hint: TradeState }
  | { readonly kind: "refund"; readonly refundNo: string; readonly hint: RefundState }
);

/** The answer that a channel accepts as an acknowledgement. */
interface NotifyReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The bills that an account can ask for. */
interface Bills {
  /** Whose they are at the channel: accounts with the same merchant, e.g. several apps, have their bills in common. */
  readonly merchant: string;
  /** How far the clocks that its days go by are ahead of UTC, milliseconds. */
  readonly aheadMs: number;
  /** How long after a day's end its bill is there and whole, as far as the channel says, milliseconds. */
  readonly readyMs: number;
  /**
   * The bill of a day. One that is not over yet is no, or not all of it.
   *
   * @param asked `day`: as the channel counts them, `2026-11-30`; `streams` carries the bill.
   * @throws RangeError for a day that no calendar has.
   */
  read(call: Call, asked: { readonly day: string; readonly streams: HttpStreams }): Promise<Answer<Bill>>;
}

/**
 * A way for buyers to pay. Every call resolves with yes, no or unknown and never rejects. Repeating a call with the
 * same number (`outTradeNo`, `refundNo`) has the same outcome and no second effect.
 */
export interface Channel {
  /** The name of the account, as in `/api/pay/notify/<name>` and the `Channels` block: at most 16 of a-z, 0-9 and -. */
  readonly name: string;
  /** The value of `pay.source` for payments on this channel. */
  readonly source: number;
  /** The address for notifications, if we tell the channel. */
  readonly notifyUrl?: string;
  /**
   * When its last key or certificate of some kind expires unless others are added, milliseconds since the Unix epoch;
   * undefined if they do not expire.
   */
  keysEndAt?(): number | undefined;
  /** Whether a fee that is not known at the time of payment can be queried some time later. */
  readonly tellsFeesLater?: boolean;
  /** The one currency that it takes, ISO 4217; absent if it takes several. */
  readonly currency?: string;
  /** The products it supports; the first is the default. */
  readonly products: readonly [PayProduct, ...PayProduct[]];
  /** How long what a buyer is given can be used, milliseconds, of products that do not say so with each attempt's end. */
  readonly credentialMs?: Readonly<Partial<Record<PayProduct, number>>>;
  prepay(call: Call, attempt: PrepayRequest): Promise<Answer<Opened>>;
  query(call: Call, trade: TradeRef): Promise<Answer<TradeState>>;
  /**
   * Makes sure that a trade takes no more money. `closed`, also if the channel did not know the number and refuses it
   * from now on; `paid` if the money came first; `absent` if the channel does not know the number yet but may still
   * accept it: the credential can then be paid until it expires.
   */
  close(call: Call, trade: TradeRef): Promise<Answer<{ readonly state: "closed" | "absent" } | PaidTrade>>;
  refund(call: Call, refund: RefundRequest): Promise<Answer<RefundState>>;
  queryRefund(call: Call, refund: RefundRef): Promise<Answer<RefundState>>;
  /** What a dispute has moved, and whether it is over; absent if the channel tells of no disputes. */
  queryDispute?(call: Call, disputeNo: string): Promise<Answer<DisputeState>>;
  /** What the account took and gave day by day; absent if the channel has no bills. */
  readonly bills?: Bills;
  /**
   * Verifies and parses a notification, fetching keys that it names and that are not known yet. `now`: milliseconds
   * since the Unix epoch.
   *
   * @throws AppError UNAUTHENTICATED NOTIFY_FORGED for anything that the channel did not sign or, if it signs the time,
   * not recently; UNAVAILABLE CHANNEL_UNAVAILABLE if its keys are not available now, so that it retries.
   */
  parseNotify(call: Call, notify: RawNotify, now: number): Promise<ParsedNotify>;
  /**
   * The answer to a notification that was stored, so that the channel stops repeating it. Refused notifications are
   * answered like any refused request: channels go by the status (Alipay by the body, which must be `success`), and
   * forgers get no channel-specific answer.
   */
  notifyReply(): NotifyReply;
}
