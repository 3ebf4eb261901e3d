/**
 * How many decimals the amounts of currencies have in ISO 4217 where it is another number than two. `Intl` does not
 * tell: engines that go by CLDR say how many people write, such as none in forints and rupiahs, whose hundredths are
 * nevertheless what amounts are counted in.
 */
const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
  }).flatMap(([decimals, codes]) => codes.split(" ").map((code) => [code, Number(decimals)] as const)),
);

const USUAL = 2;

/** How many decimals amounts of a currency have: ISO 4217's, of which the last is the minor unit. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? USUAL;
}

/** An amount in minor units (fen) as people write it. */
export function moneyText(amount: number, currency: string, language: string): string {
  const decimals = decimalsOf(currency);
  const format = new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(amount / 10 ** decimals);
}
