/** An amount in minor units (fen) as people write it; how many decimals a currency has is ISO 4217's. */
export function moneyText(amount: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(amount / 10 ** decimalsOf(currency));
}

/** How many decimals amounts of a currency have (ISO 4217, as the browser knows it). */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount in minor units as files have it: no sign of the currency, a point. */
export function decimalText(amount: number, currency = "CNY"): string {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}
