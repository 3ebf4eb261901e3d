import type { FaultPlan, PlannedFault } from "@mall/kit/counterpart";

/** What is told of another than it is about. */
const LIES = ["amount", "currency", "app", "merchant"] as const;

export type Lie = (typeof LIES)[number];

/** Whatever a signature can lack. `clock-old` and `clock-ahead` are off by the fault's `ms`. */
const SEAL_FLAWS = ["unsigned", "wrong-signature", "unknown-serial", "clock-old", "clock-ahead"] as const;

type SealFlawName = (typeof SEAL_FLAWS)[number];

/** How a signature is made badly. */
export interface SealFlaw {
  readonly flaw: SealFlawName;
  readonly ms: number;
}

/**
 * What can be made to go wrong. Of an answer: it comes `slow` (after `ms`); never, `timeout-before` or
 * `timeout-after` the request had its effect (the connection is cut after `ms`); as an error of the server,
 * `error-before` or `error-after` the effect; as the `html` of some proxy; by `half`; refused as `rate-limited`;
 * badly signed; or signed and about another amount, currency, app or merchant. Of a notification: `lost` (not sent
 * and taken for acknowledged), `late` (after `ms`), `doubled`, `reordered` (behind the next one), `tampered` (changed
 * after it was signed), badly signed, or about another. Of money: `close.loses` (the buyer pays just before a close),
 * `pay.late` (money is taken for what is closed), and a refund is `refused`, becomes `abnormal` (failed), is `slow`
 * (processing for `ms`), or is `returned` (made, and after `ms` the buyer's bank has sent it back; at Stripe only). Of
 * a bill: it is asked for too early (`creating`; not at Stripe, which has no file to make), its file was `altered` on
 * the way (WeChat Pay, whose answer has a hash), a line is missing, is of a payment that the merchant never made, or
 * has another amount.
 */
export const FAULTS = [
  "answer.slow",
  "answer.timeout-before",
  "answer.timeout-after",
  "answer.error-before",
  "answer.error-after",
  "answer.html",
  "answer.half",
  "answer.rate-limited",
  ...SEAL_FLAWS.map((flaw) => `answer.${flaw}` as const),
  ...LIES.map((lie) => `answer.${lie}` as const),
  "notify.lost",
  "notify.late",
  "notify.doubled",
  "notify.reordered",
  "notify.tampered",
  ...SEAL_FLAWS.map((flaw) => `notify.${flaw}` as const),
  ...LIES.map((lie) => `notify.${lie}` as const),
  "close.loses",
  "pay.late",
  "refund.refused",
  "refund.abnormal",
  "refund.slow",
  "refund.returned",
  "bill.creating",
  "bill.altered",
  "bill.line-missing",
  "bill.line-foreign",
  "bill.other-amount",
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault to come; without the last three it is for whatever happens next. */
export interface Fault extends PlannedFault<FaultName> {
  /** `wechat`, `alipay` or `stripe`. */
  readonly channel?: string | undefined;
  /** The operation that is answered, in the simulator's words: `prepay`, `query`, `close`, `refund`, `bill` … */
  readonly operation?: string | undefined;
  /** The merchant's number of the trade; at Stripe the id of the PaymentIntent or Checkout Session. */
  readonly outTradeNo?: string | undefined;
}

export type Faults = FaultPlan<FaultName, Fault>;

/** The flaw of a signature that a fault asks for, if it does. */
export function sealFlawOf(
  taken: { readonly fault: string; readonly ms: number } | undefined,
): SealFlaw | undefined {
  const flaw = SEAL_FLAWS.find((one) => taken?.fault.endsWith(`.${one}`));
  return flaw === undefined ? undefined : { flaw, ms: taken?.ms ?? 0 };
}

/** The lie that a fault asks for, if it does. */
export function lieOf(taken: { readonly fault: string } | undefined): Lie | undefined {
  return LIES.find((one) => taken?.fault.endsWith(`.${one}`));
}
