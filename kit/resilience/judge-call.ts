import { AppError, type Code } from "@mall/kit/errors";
import { BREAKER_OPEN } from "./breaker.ts";
import type { Verdict } from "./breakers.ts";
import { SERVICE_OVERLOADED } from "./shedder.ts";

/** Codes that speak against the one who answered; those of go-zero (zrpc/internal/codes/accept.go). */
const FAILURES: ReadonlySet<Code> = new Set<Code>([
  "DEADLINE_EXCEEDED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNIMPLEMENTED",
]);

/**
 * What the error of a call says about the one who was called. RESOURCE_EXHAUSTED counts where it means that
 * the service is overloaded, as it always does from a peer that gives no reason; where it means that one
 * caller has had its share, counting it would let that caller close the service for everybody.
 */
export function judgeCall(error: unknown): Verdict {
  if (!(error instanceof AppError)) return "failed";
  const { code, reason } = error;
  if (code === "CANCELLED" || reason === BREAKER_OPEN) return "nothing";
  if (code === "RESOURCE_EXHAUSTED") {
    return reason === SERVICE_OVERLOADED || reason === code ? "failed" : "answered";
  }
  return FAILURES.has(code) ? "failed" : "answered";
}
