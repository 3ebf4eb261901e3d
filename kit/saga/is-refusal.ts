import type { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";

/**
 * Whether a branch has refused, for good. FAILED_PRECONDITION is how a Go mall's business errors, which have a number
 * of their own, are read. A step for which the peer has no method is never done, however often it is asked for.
 */
export function isRefusal({ code, reason }: AppError): boolean {
  return code === "ABORTED" || code === "FAILED_PRECONDITION" || reason === METHOD_MISSING;
}
