import type { BankTrade } from "@mall/pay/sandbox/bank";
import type { TradeAtBank } from "./trade-at-bank.ts";

/** Trades of a sandbox bank as of a moment, milliseconds since the Unix epoch. */
export function sandboxTrades(trades: Iterable<BankTrade>, now: number): TradeAtBank[] {
  return Array.from(trades, ({ outTradeNo, state, expireAt, payment, refunds }) => ({
    ...{ channel: "sandbox", outTradeNo, payment },
    isOpen: state === "open" && now < expireAt,
    refunds: refunds.map(({ refundNo, amount, outcome, settleAt }) => ({
      ...{ refundNo, amount },
      outcome: now < settleAt ? "processing" : outcome,
    })),
  }));
}
