/**
 * Currencies whose amounts Stripe counts in another unit than hundredths (docs.stripe.com/currencies), by decimals.
 * `Intl` knows how many decimals people write, which is another matter. The other channels have hundredths of a yuan.
 */
const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
    3: "BHD JOD KWD OMR TND",
  }).flatMap(([decimals, codes]) => codes.split(" ").map((code) => [code, Number(decimals)] as const)),
);

const USUAL = 2;

/** An amount in a channel's units as people write it. */
export function moneyText(amount: number, currency: string): string {
  const decimals = DECIMALS.get(currency) ?? USUAL;
  const format = new Intl.NumberFormat("zh-CN", {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(amount / 10 ** decimals);
}
