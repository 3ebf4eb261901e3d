import type { FaultPlan, PlannedFault } from "@mall/kit/counterpart";
import { OPERATIONS } from "../protocol.ts";

/**
 * Faults that can be injected. For an operation: the answer is `slow` (by `ms`), or replaced by an error,
 * `error-before` or `error-after` the operation was carried out. For a notification's delivery: `lost` (not sent, but
 * taken as acknowledged), `late` (by `ms`), `doubled`, `reordered` (after the next one), `tampered` (changed after it
 * was signed), `stale` (signed before the clock window), `wrong-amount` and `wrong-currency` (signed, but not what was
 * paid). For a refund: `refused`, or reported as `processing` for `ms` before it succeeds or has `failed`. For a
 * payment: `pay.late`, money is taken although the trade is closed.
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

/** A fault to inject. */
export interface Fault extends PlannedFault<FaultName> {
  /** For this trade only; for any if left out. */
  readonly outTradeNo?: string | undefined;
}

/** The pending faults of a bank. */
export type BankFaults = FaultPlan<FaultName, Fault>;
