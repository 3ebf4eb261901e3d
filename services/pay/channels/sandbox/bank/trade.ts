import type { RefundState } from "../../channel.ts";
import type { SandboxTrade } from "../protocol.ts";

/** A trade as the bank stores it; amounts in minor units, times in milliseconds since the Unix epoch. */
export interface BankTrade {
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly state: "open" | "closed" | "paid";
  /** 0 if the trade was closed before anybody opened it. */
  readonly amount: number;
  readonly currency: string;
  readonly subject: string;
  readonly expireAt: number;
  readonly notifyUrl: string;
  /** What the buyer was charged; absent before. */
  readonly payment?: BankPayment;
  readonly refunds: readonly BankRefund[];
}

/** The money of a trade. */
export interface BankPayment {
  readonly amount: number;
  readonly currency: string;
  readonly fee: number;
  readonly paidAt: number;
}

/** A refund as the bank stores it. Its outcome is fixed from the start, and reported from `settleAt` on. */
export interface BankRefund {
  readonly refundNo: string;
  readonly channelRefundNo: string;
  readonly amount: number;
  readonly settleAt: number;
  readonly outcome: "succeeded" | "failed";
}

/** A trade as it is reported to the merchant; an open one that has expired takes no money and counts as closed. */
export function tradeStateOf(trade: BankTrade | undefined, now: number): SandboxTrade {
  if (trade === undefined) return { state: "absent" };
  if (trade.payment !== undefined) return { state: "paid", tradeNo: trade.tradeNo, ...trade.payment };
  return { state: trade.state === "open" && now < trade.expireAt ? "open" : "closed" };
}

/** A refund as it is reported to the merchant. */
export function refundStateOf(refund: BankRefund | undefined, now: number): RefundState {
  if (refund === undefined) return { state: "absent" };
  const { channelRefundNo, outcome, settleAt } = refund;
  return { state: now < settleAt ? "processing" : outcome, channelRefundNo };
}

/** The amount of a payment that is refunded or reserved for refunds. */
export function refundedOf(trade: BankTrade): number {
  return trade.refunds
    .filter(({ outcome }) => outcome === "succeeded")
    .reduce((sum, { amount }) => sum + amount, 0);
}
