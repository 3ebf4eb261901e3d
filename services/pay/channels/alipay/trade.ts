import type { z } from "zod";
import type { TradeState } from "../channel.ts";
import type { toldTrade } from "./wire.ts";

const CNY = "CNY";

/** A trade and, if known, when it was paid. */
export type ToldTrade = z.output<typeof toldTrade> & { readonly paidAt: number | undefined };

/**
 * The state of a trade; undefined for an unknown one. A trade that was paid and fully refunded is closed as well, but
 * still counts as paid; its amounts tell it from one that nobody paid. Known from documents only.
 *
 * @param now used as the time of payment if none is given, milliseconds since the Unix epoch
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

/** Without a fee, which Alipay reports only on its bill. */
function paid({ trade_no, total_amount, trans_currency, paidAt }: ToldTrade, now: number): TradeState {
  return {
    state: "paid",
    tradeNo: trade_no,
    amount: total_amount,
    currency: trans_currency ?? CNY,
    paidAt: paidAt ?? now,
  };
}
