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
}

/** A trade that was paid, in the channel's words. */
export interface PaidTrade {
  readonly state: "paid";
  /** The channel's own number of the trade. */
  readonly tradeNo: string;
  /** What the buyer was charged, minor units. */
  readonly amount: number;
  readonly currency: string;
  /** What the channel keeps of it, minor units. */
  readonly fee: number;
  /** Milliseconds since the Unix epoch. */
  readonly paidAt: number;
}

/** Where a trade stands at its channel. `absent`: the channel has never heard of the number. */
export type TradeState = { readonly state: "open" | "closed" | "absent" } | PaidTrade;

/** A refund as a channel is told of it; amounts in minor units. */
interface RefundRequest {
  readonly outTradeNo: string;
  /** The refund's number: the channel makes at most one refund for it, however often it is asked. */
  readonly refundNo: string;
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
  /** As in `/api/pay/notify/<name>` and the `Channels` block, in lower case. */
  readonly name: string;
  /** What `pay.source` holds for payments by this channel. */
  readonly source: number;
  /** Opens a trade; `credential` is what the buyer's client needs to pay it, e.g. the cashier's address. */
  prepay(call: Call, attempt: PrepayRequest): Promise<Answer<{ readonly credential: string }>>;
  query(call: Call, outTradeNo: string): Promise<Answer<TradeState>>;
  /**
   * Makes sure that a trade takes no money any more: `closed`, also where the channel has never heard of it
   * and from now on refuses the number; `paid` where the money came first.
   */
  close(call: Call, outTradeNo: string): Promise<Answer<{ readonly state: "closed" } | PaidTrade>>;
  refund(call: Call, refund: RefundRequest): Promise<Answer<RefundState>>;
  queryRefund(
    call: Call,
    refund: { readonly outTradeNo: string; readonly refundNo: string },
  ): Promise<Answer<RefundState>>;
  /**
   * Verifies a notification and reads it. `now`: milliseconds since the Unix epoch.
   *
   * @throws AppError UNAUTHENTICATED NOTIFY_FORGED for anything that the channel did not sign, or not lately.
   */
  parseNotify(notify: RawNotify, now: number): ParsedNotify;
  /**
   * The answer to a notification that is stored, so that the channel need not send it again. Every other one is
   * answered as any request that is refused: channels go by the status (Alipay by the body, which must be `success`),
   * and whoever forges has no words of theirs to hear.
   */
  notifyReply(): NotifyReply;
}
