import type { PaidSandboxTrade, RequestOf } from "../protocol.ts";
import { type BankRefund, type BankTrade, refundedOf, refundStateOf, tradeStateOf } from "./trade.ts";

/** The bank's fee: 0.6 %, in thousandths. A refund does not return it. */
const FEE_PER_MILLE = 6;

/** A refusal, in words for the merchant or the buyer. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A number that the bank assigns. */
type NewNumber = () => string;

/**
 * Opens a trade, or returns the known one if it was opened with the same request.
 *
 * @throws Refusal
 */
export function openTrade(
  known: BankTrade | undefined,
  request: RequestOf<"prepay">,
  { now, newNumber }: { readonly now: number; readonly newNumber: NewNumber },
): BankTrade {
  if (known === undefined) {
    if (request.expireAt <= now) throw new Refusal("EXPIRED", "expireAt is over");
    return { ...request, tradeNo: newNumber(), state: "open", refunds: [] };
  }
  const { state } = tradeStateOf(known, now);
  if (state === "paid") throw new Refusal("TRADE_PAID", "the trade is paid");
  if (state === "closed") throw new Refusal("TRADE_CLOSED", "the trade is closed");
  if (known.amount !== request.amount || known.currency !== request.currency) {
    throw new Refusal("OUT_TRADE_NO_USED", "outTradeNo is known with another amount");
  }
  return known;
}

/** Closes a trade, even one that nobody has opened; a paid one stays as it is. */
export function closeTrade(
  known: BankTrade | undefined,
  outTradeNo: string,
  newNumber: NewNumber,
): BankTrade {
  if (known !== undefined) return known.state === "open" ? { ...known, state: "closed" } : known;
  const nothing = { amount: 0, currency: "", subject: "", expireAt: 0, notifyUrl: "" };
  return { outTradeNo, tradeNo: newNumber(), state: "closed", ...nothing, refunds: [] };
}

/** The answer to a close. */
export function closedOrPaid(trade: BankTrade, now: number): { state: "closed" } | PaidSandboxTrade {
  const told = tradeStateOf(trade, now);
  return told.state === "paid" ? told : { state: "closed" };
}

/** What a buyer is charged; the trade's own amount and currency unless a test wants others. */
export interface Payment {
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
}

/**
 * Pays a trade; a paid one stays as it is. `late`: even if it is closed or expired, as with a bank that is slow to
 * notice.
 *
 * @throws Refusal
 */
export function payTrade(
  known: BankTrade | undefined,
  { amount, currency }: Payment,
  { now, late }: { readonly now: number; readonly late: boolean },
): BankTrade {
  const { state } = tradeStateOf(known, now);
  if (known === undefined || known.notifyUrl === "") throw new Refusal("TRADE_ABSENT", "no such trade");
  if (state === "paid") return known;
  if (state === "closed" && !late) throw new Refusal("TRADE_CLOSED", "the trade is closed");
  const charged = amount ?? known.amount;
  const payment = {
    amount: charged,
    currency: currency ?? known.currency,
    fee: Math.round((charged * FEE_PER_MILLE) / 1000),
    paidAt: now,
  };
  return { ...known, state: "paid", payment };
}

/** The fate of a new refund. */
export interface RefundCourse {
  readonly outcome: BankRefund["outcome"];
  /** When the outcome is reported, milliseconds since the Unix epoch. */
  readonly settleAt: number;
}

/**
 * Adds a refund to a trade, unless it already has it.
 *
 * @throws Refusal
 */
export function refundTrade(
  known: BankTrade | undefined,
  request: RequestOf<"refund">,
  { course, newNumber }: { readonly course: () => RefundCourse; readonly newNumber: NewNumber },
): BankTrade {
  if (known?.payment === undefined) throw new Refusal("TRADE_NOT_PAID", "the trade is not paid");
  const { amount, currency } = known.payment;
  const earlier = refundOf(known, request.refundNo);
  if (earlier !== undefined) {
    if (earlier.amount === request.amount && request.currency === currency) return known;
    throw new Refusal("REFUND_NO_USED", "refundNo is known with another amount");
  }
  if (request.currency !== currency || request.total !== amount) {
    throw new Refusal("TOTAL_MISMATCH", "the trade was paid with another amount");
  }
  if (refundedOf(known) + request.amount > amount) {
    throw new Refusal("REFUND_EXCEEDS", "the refunds would exceed what was paid");
  }
  const { refundNo } = request;
  const refund = { refundNo, channelRefundNo: newNumber(), amount: request.amount, ...course() };
  return { ...known, refunds: [...known.refunds, refund] };
}

/** A trade's refund by the merchant's number. */
function refundOf(trade: BankTrade | undefined, refundNo: string): BankRefund | undefined {
  return trade?.refunds.find((refund) => refund.refundNo === refundNo);
}

/** The answer to a query for a refund by its number. */
export function refundState(trade: BankTrade | undefined, refundNo: string, now: number) {
  return refundStateOf(refundOf(trade, refundNo), now);
}
