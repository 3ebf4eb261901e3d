/** What a line of a bill says of money; amounts in minor units. */
interface BilledMoney {
  /** Our number of the trade; empty where the channel does not tell it. */
  readonly outTradeNo: string;
  /** The channel's own number of the trade. */
  readonly tradeNo: string;
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** What the channel kept; negative where it gave some back. */
  readonly fee: number;
}

/** A trade that was paid. */
export interface BilledPayment extends BilledMoney {
  readonly kind: "payment";
}

/** What a bill says of a refund: one under way may still be made, and may fail. */
export type BilledRefundState = "made" | "under way" | "failed";

/** Money that went back to a buyer. */
export interface BilledRefund extends BilledMoney {
  readonly kind: "refund";
  /** Our number of the refund; empty where it was made at the channel itself. */
  readonly refundNo: string;
  readonly state: BilledRefundState;
}

/** A line of a bill. */
export type BillLine =
  | BilledPayment
  | BilledRefund
  /** Money that neither buyers paid nor refunds gave back, such as a payout; `what`: the channel's word for it. */
  | { readonly kind: "other"; readonly what: string }
  /** A line that is not as the channel documents it, counted from 1. */
  | { readonly kind: "unreadable"; readonly line: number };

/** A day as a channel counts it: all from `from` up to before `until`, milliseconds since the Unix epoch. */
export interface BillDay {
  readonly from: number;
  readonly until: number;
}

/** What a channel says of all that an account took and gave on one day. */
export interface Bill extends BillDay {
  /** False where the channel has none: nothing happened that day, or it is not made yet. */
  readonly isThere: boolean;
  /**
   * Read once, and as long as the day was busy. Where it throws, nothing that came before counts either: AppError
   * UNKNOWN BAD_ANSWER for a bill that is not whole, or not the one that the channel named; others as of HttpStreams.
   */
  readonly lines: AsyncIterable<BillLine>;
}

/** The bill of a day of which a channel has none. */
export function noBill(day: BillDay): Bill {
  return { ...day, isThere: false, lines: nothing() };
}

async function* nothing(): AsyncGenerator<never> {}
