import { type ChinaDay, isOnDay } from "../core/china-time.ts";
import type { WechatRefund, WechatTrade } from "./trade.ts";

/** 0.6 %, of an order's amount. */
const FEE_PER_MILLE = 6;

/** A line of a trade bill: a payment, or a refund of one. */
export interface BillLine {
  readonly trade: WechatTrade;
  readonly transactionId: string;
  readonly paidAt: number;
  readonly refund?: WechatRefund;
  /** What was paid or refunded; fen. */
  readonly amount: number;
  /** What the merchant pays for it, negative where it is given back; fen. */
  readonly fee: number;
}

/** When a line came to be: the payment, or the refund's request. */
export function momentOf({ paidAt, refund }: BillLine): number {
  return refund?.createdAt ?? paidAt;
}

/** What happened on a day, the earliest first. */
export function linesOn(day: ChinaDay, trades: readonly WechatTrade[]): BillLine[] {
  return trades
    .flatMap(linesOf)
    .filter((line) => isOnDay(day, momentOf(line)))
    .sort((left, right) => momentOf(left) - momentOf(right));
}

/**
 * All that a trade has in bills. Its fee is rounded to fen, half up. A refund gives back of the fee that is left as
 * much as it takes of the amount that is left, rounded to fen, half to even, so that all of it is back in the end; one
 * that fails gives nothing back. From documents: what merchants were told of the rounding, and bills that they show.
 */
export function linesOf(trade: WechatTrade): BillLine[] {
  const { payment, refunds } = trade;
  if (payment === undefined) return [];
  const { total, transactionId, paidAt } = payment;
  const common = { trade, transactionId, paidAt };
  const fee = Math.floor((total * FEE_PER_MILLE + 500) / 1000);
  let left = { amount: total, fee };
  const given = refunds.map((refund): BillLine => {
    const { amount, outcome } = refund;
    const back = outcome === "SUCCESS" ? shareOf(left.fee, amount, left.amount) : 0;
    if (outcome === "SUCCESS") left = { amount: left.amount - amount, fee: left.fee - back };
    return { ...common, refund, amount, fee: 0 - back };
  });
  return [{ ...common, amount: total, fee }, ...given];
}

/** `fee * part / whole`, half to even; exact, as the product may be more than a number holds. */
function shareOf(fee: number, part: number, whole: number): number {
  const [dividend, divisor] = [BigInt(fee) * BigInt(part), BigInt(whole)];
  const [quotient, twice] = [dividend / divisor, (dividend % divisor) * 2n];
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return Number(quotient + (up ? 1n : 0n));
}
