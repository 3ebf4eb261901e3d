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

/** The reason of a call for which no peer was connected, at any distance. */
export const NO_PEER = "NO_PEER";

/**
 * True where an error says nothing about who was called: the caller left, a breaker refused, or no peer was
 * connected. The latter costs nothing and is known at once to be over; a breaker would only go on refusing.
 */
export function saysNothing({ code, reason }: AppError): boolean {
  return code === "CANCELLED" || reason === BREAKER_OPEN || reason === NO_PEER;
}

/**
 * What the error of a call says about the one who was called. RESOURCE_EXHAUSTED counts where it means that
 * the service is overloaded, as it always does from a peer that gives no reason; where it means that one
 * caller has had its share, counting it would let that caller close the service for everybody.
 */
export function judgeCall(error: unknown): Verdict {
  if (!(error instanceof AppError)) return "failed";
  const { code, reason } = error;
  if (saysNothing(error)) return "nothing";
  if (code === "RESOURCE_EXHAUSTED") {
    return reason === SERVICE_OVERLOADED || reason === code ? "failed" : "answered";
  }
  return FAILURES.has(code) ? "failed" : "answered";
}
