import { feesOf } from "../core/channel-fee.ts";
import { type ChinaDay, isOnDay } from "../core/china-time.ts";
import type { WechatRefund, WechatTrade } from "./trade.ts";

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
  return linesOfAll(trades).filter((line) => isOnDay(day, momentOf(line)));
}

/** All that happened, the earliest first. */
export function linesOfAll(trades: readonly WechatTrade[]): BillLine[] {
  return trades.flatMap(linesOf).sort((left, right) => momentOf(left) - momentOf(right));
}

/** All that a trade has in bills. A refund that fails gives nothing of the fee back. */
export function linesOf(trade: WechatTrade): BillLine[] {
  const { payment, refunds } = trade;
  if (payment === undefined) return [];
  const { total, transactionId, paidAt } = payment;
  const common = { trade, transactionId, paidAt };
  const succeeded = refunds.map(({ outcome, amount }) => (outcome === "SUCCESS" ? amount : 0));
  const { fee, back } = feesOf(total, succeeded);
  const given = refunds.map((refund, index) => {
    return { ...common, refund, amount: refund.amount, fee: 0 - (back[index] ?? 0) };
  });
  return [{ ...common, amount: total, fee }, ...given];
}
