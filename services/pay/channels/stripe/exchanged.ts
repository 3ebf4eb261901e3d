/** What comes to the same: an amount in the currency that is exchanged, more than 0, and one in the other. */
export interface ExchangeRate {
  readonly from: number;
  readonly to: number;
}

/**
 * An amount in the other currency. Half a unit counts as one; in whole numbers, as a quotient of two has no float that
 * is just it.
 */
export function exchanged(amount: number, { from, to }: ExchangeRate): number {
  const [all, part] = [2n * BigInt(from), 2n * BigInt(Math.abs(amount)) * BigInt(to)];
  return Math.sign(amount) * Number((part + BigInt(from)) / all);
}
