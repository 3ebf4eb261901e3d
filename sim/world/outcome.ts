import type { AppError } from "@mall/kit/errors";

/** How a request ended for whoever sent it. */
export type Outcome<T> =
  | { readonly kind: "yes"; readonly value: T }
  /** Refused: nothing has happened. */
  | { readonly kind: "no"; readonly error: AppError }
  /** Nobody said: it may or may not have happened. */
  | { readonly kind: "unknown"; readonly error: AppError };

/** Codes that say nothing about what became of a request. */
const UNKNOWN_CODES: ReadonlySet<string> = new Set([
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "INTERNAL",
  "UNKNOWN",
]);

/** A request that was answered with an error. */
export function refusedOrUnknown(error: AppError): Outcome<never> {
  return { kind: UNKNOWN_CODES.has(error.code) ? "unknown" : "no", error };
}
