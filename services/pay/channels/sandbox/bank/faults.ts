import type { FaultPlan, PlannedFault } from "@mall/kit/counterpart";
import { OPERATIONS } from "../protocol.ts";

/**
 * What can be made to go wrong. Of an operation: the answer comes `slow` (after `ms`), or there is an error
 * instead, `error-before` or `error-after` it was carried out. Of a notification's delivery: `lost` (not
 * sent and taken for acknowledged), `late` (after `ms`), `doubled`, `reordered` (behind the next one),
 * `tampered` (changed after it was signed), `stale` (signed before the clock window), `wrong-amount` and
 * `wrong-currency` (signed, and not what was paid). Of a refund: `refused`, told as `processing` for `ms`
 * before it succeeds, or before it has `failed`. Of a payment: `pay.late`, money is taken although the trade
 * is closed.
 */
export const FAULTS = [
  ...OPERATIONS.flatMap(
    (operation) => [`${operation}.slow`, `${operation}.error-before`, `${operation}.error-after`] as const,
  ),
  "notify.lost",
  "notify.late",
  "notify.doubled",
  "notify.reordered",
  "notify.tampered",
  "notify.stale",
  "notify.wrong-amount",
  "notify.wrong-currency",
  "refund.refused",
  "refund.processing",
  "refund.failed",
  "pay.late",
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault to come. */
export interface Fault extends PlannedFault<FaultName> {
  /** Only for this trade; for any by default. */
  readonly outTradeNo?: string | undefined;
}

/** The faults of a bank. */
export type BankFaults = FaultPlan<FaultName, Fault>;
