/**
 * What Stripe counts in, where that is not the minor unit of ISO 4217: from its documents only
 * (docs.stripe.com/currencies, "Special cases"), which no account here has shown.
 */
interface Unit {
  /** Units of Stripe's in one of ours. */
  readonly perOurs?: number;
  /** Of ours in one of Stripe's; what is no multiple of it cannot be asked for. */
  readonly oursPer?: number;
  /** Stripe takes multiples of this only, in its own unit. */
  readonly step?: number;
}

const SAME: Unit = {};
/** No decimals by ISO 4217, two at Stripe, which stay 00. */
const TWO_FOR_NONE: Unit = { perOurs: 100 };
/** Two decimals by ISO 4217, none at Stripe. */
const NONE_FOR_TWO: Unit = { oursPer: 100 };
/** Three decimals, of which the last must be 0. */
const THREE: Unit = { step: 10 };

const UNITS: ReadonlyMap<string, Unit> = new Map([
  ["ISK", TWO_FOR_NONE],
  ["UGX", TWO_FOR_NONE],
  ["MGA", NONE_FOR_TWO],
  ["BHD", THREE],
  ["JOD", THREE],
  ["KWD", THREE],
  ["OMR", THREE],
  ["TND", THREE],
]);

/** Three or four decimals by ISO 4217, and Stripe says nowhere how it counts them: neither sent nor believed. */
const UNKNOWN = new Set(["CLF", "IQD", "LYD", "UYW"]);

function unitOf(currency: string): Unit | undefined {
  if (!/^[A-Z]{3}$/.test(currency) || UNKNOWN.has(currency)) return undefined;
  return UNITS.get(currency) ?? SAME;
}

/**
 * An amount as Stripe is asked for it; undefined where it takes no such amount.
 *
 * @param amount minor units of ISO 4217
 */
export function toStripe(amount: number, currency: string): number | undefined {
  const unit = unitOf(currency);
  if (unit === undefined) return undefined;
  const { perOurs = 1, oursPer = 1, step = 1 } = unit;
  if (amount % oursPer !== 0) return undefined;
  const theirs = (amount / oursPer) * perOurs;
  return Number.isSafeInteger(theirs) && theirs % step === 0 ? theirs : undefined;
}

/**
 * An amount of Stripe's in minor units of ISO 4217; undefined where there is no such amount.
 *
 * @param currency in capitals
 */
export function fromStripe(theirs: number, currency: string): number | undefined {
  const unit = unitOf(currency);
  if (unit === undefined) return undefined;
  const { perOurs = 1, oursPer = 1 } = unit;
  if (theirs % perOurs !== 0) return undefined;
  const amount = (theirs / perOurs) * oursPer;
  return Number.isSafeInteger(amount) ? amount : undefined;
}
