import { moneyText } from "@mall/kit/currency";
import { useContext } from "react";
import { SessionContext } from "../shell/session-context.ts";
import { useLanguage } from "../texts/i18n.ts";

interface Amount {
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217; none where the server names none, as of prices: that of the shop. */
  readonly currency?: string;
}

/** An amount with its currency. */
export function Money({ amount, currency }: Amount) {
  const text = useMoney();
  return <span className="money">{text(amount, currency)}</span>;
}

/** Gives amounts in minor units as text with their currency. */
export function useMoney(): (amount: number, currency?: string) => string {
  const language = useLanguage();
  const prices = useShopCurrency();
  return (amount, currency) => moneyText(amount, currency || prices, language === "zh" ? "zh-CN" : "en");
}

/** What products and orders are priced in, which have no currency of their own; ISO 4217. */
export function useShopCurrency(): string {
  return useContext(SessionContext).currency;
}
