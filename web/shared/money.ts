import { decimalsOf } from "@mall/kit/currency";

/** An amount in minor units as files have it: no sign of the currency, a point. */
export function decimalText(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}
