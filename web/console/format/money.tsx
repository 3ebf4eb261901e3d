import { moneyText } from "../../shared/money.ts";
import { useLanguage } from "../texts/i18n.ts";

/** The currency where a server names none: that of a mall of go-zero-mall's. */
export const USUAL_CURRENCY = "CNY";

interface Amount {
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217. */
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
  return (amount, currency) =>
    moneyText(amount, currency || USUAL_CURRENCY, language === "zh" ? "zh-CN" : "en");
}
