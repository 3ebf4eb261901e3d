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
 * The reason of what a peer that gives no reason failed with, in a way that go-zero's breakers take for an answer: a
 * number of its own, or UNKNOWN. Whether that is a refusal only its text would tell.
 */
export const PEER_FAILED = "PEER_FAILED";

/** The reason of a method that the peer does not have. It is well, and will say so at once the next time too. */
export const METHOD_MISSING = "METHOD_MISSING";

/** Whether a peer's error is an answer, whatever its code. */
export function isPeersAnswer({ reason }: AppError): boolean {
  return reason === PEER_FAILED || reason === METHOD_MISSING;
}

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
  if (isPeersAnswer(error)) return "answered";
  if (code === "RESOURCE_EXHAUSTED") {
    return reason === SERVICE_OVERLOADED || reason === code ? "failed" : "answered";
  }
  return FAILURES.has(code) ? "failed" : "answered";
}
