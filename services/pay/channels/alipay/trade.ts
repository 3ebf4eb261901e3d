import type { z } from "zod";
import type { TradeState } from "../channel.ts";
import type { toldTrade } from "./wire.ts";

const CNY = "CNY";

/** A trade and when it was paid, as far as that was said. */
export type ToldTrade = z.output<typeof toldTrade> & { readonly paidAt: number | undefined };

/**
 * Where a trade stands; undefined for a state that is not known here. A trade that was paid and given back whole is
 * closed too, and still was paid: what was said of money tells it from one that nobody paid. Known from documents only.
 *
 * @param now stands for the time of a payment of which none was told, milliseconds since the Unix epoch
 */
export function stateOf(told: ToldTrade, now: number): TradeState | undefined {
  switch (told.trade_status) {
    case "WAIT_BUYER_PAY":
      return { state: "open" };
    case "TRADE_SUCCESS":
    case "TRADE_FINISHED":
      return paid(told, now);
    case "TRADE_CLOSED":
      return tookMoney(told) ? paid(told, now) : { state: "closed" };
    default:
      return undefined;
  }
}

function tookMoney({ paidAt, receipt_amount = 0, buyer_pay_amount = 0 }: ToldTrade): boolean {
  return paidAt !== undefined || receipt_amount > 0 || buyer_pay_amount > 0;
}

/** Without a fee: Alipay tells it on its bill only. */
function paid({ trade_no, total_amount, trans_currency, paidAt }: ToldTrade, now: number): TradeState {
  return {
    state: "paid",
    tradeNo: trade_no,
    amount: total_amount,
    currency: trans_currency ?? CNY,
    paidAt: paidAt ?? now,
  };
}
