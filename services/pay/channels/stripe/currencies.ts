/**
 * Stripe's units for currencies where they differ from the minor unit of ISO 4217. Known from Stripe's documents only
 * (docs.stripe.com/currencies, "Special cases").
 */
interface Unit {
  /** Stripe's units per minor unit of ISO 4217. */
  readonly perOurs?: number;
  /** Minor units of ISO 4217 per unit of Stripe's; amounts that are not multiples cannot be expressed. */
  readonly oursPer?: number;
  /** Stripe only accepts multiples of this, in its own unit. */
  readonly step?: number;
}

const SAME: Unit = {};
/** No decimals in ISO 4217, two at Stripe, which must be 00. */
const TWO_FOR_NONE: Unit = { perOurs: 100 };
/** Two decimals in ISO 4217, none at Stripe. */
const NONE_FOR_TWO: Unit = { oursPer: 100 };
/** Three decimals, the last of which must be 0. */
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

/** Three or four decimals in ISO 4217, and Stripe does not document its unit: neither sent nor accepted. */
const UNKNOWN = new Set(["CLF", "IQD", "LYD", "UYW"]);

function unitOf(currency: string): Unit | undefined {
  if (!/^[A-Z]{3}$/.test(currency) || UNKNOWN.has(currency)) return undefined;
  return UNITS.get(currency) ?? SAME;
}

/**
 * An amount in Stripe's unit; undefined if Stripe does not accept it.
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
 * An amount of Stripe's in minor units of ISO 4217; undefined if it has no equivalent.
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
