import { feesOf } from "../core/channel-fee.ts";
import { type ChinaDay, isOnDay } from "../core/china-time.ts";
import type { AlipayRefund, AlipayTrade } from "./trade.ts";

/** A line of a business bill: a payment, or a refund of one. */
export interface BillLine {
  readonly trade: AlipayTrade;
  readonly refund?: AlipayRefund;
  /** When it was done: the payment, or the refund. */
  readonly at: number;
  /** What the seller receives, negative for a refund; fen. */
  readonly amount: number;
  /** What the seller receives for it: negative, as it pays, and positive where that is given back; fen. */
  readonly fee: number;
}

/** What was done on a day and by now, the earliest first. */
export function linesOn(day: ChinaDay, trades: readonly AlipayTrade[], now: number): BillLine[] {
  return linesUntil(Math.min(day.endsAt - 1, now), trades).filter(({ at }) => isOnDay(day, at));
}

/** All that was done by a moment, the earliest first. */
export function linesUntil(until: number, trades: readonly AlipayTrade[]): BillLine[] {
  return trades
    .flatMap(linesOf)
    .filter(({ at }) => at <= until)
    .sort((left, right) => left.at - right.at);
}

/** All that a trade has in bills; a refund that failed has nothing. */
export function linesOf(trade: AlipayTrade): BillLine[] {
  const { payment } = trade;
  if (payment === undefined) return [];
  const refunds = trade.refunds.filter(({ outcome }) => outcome === "succeeded");
  const amounts = refunds.map(({ amount }) => amount);
  const { fee, back } = feesOf(payment.total, amounts);
  const given = refunds.map((refund, index) => {
    const { amount, settleAt: at } = refund;
    return { trade, refund, at, amount: 0 - amount, fee: back[index] ?? 0 };
  });
  return [{ trade, at: payment.paidAt, amount: payment.total, fee: 0 - fee }, ...given];
}
