import { AppError, type Code } from "@mall/kit/errors";

/** What asking again does not change. */
const REFUSALS: ReadonlySet<Code> = new Set<Code>([
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "FAILED_PRECONDITION",
  "OUT_OF_RANGE",
]);

/**
 * The error as the coordinator of a transaction understands it: DTM takes a transaction back for ABORTED alone, and
 * asks again, for ever, after anything else.
 */
export function branchAnswer(error: AppError): AppError {
  if (!REFUSALS.has(error.code)) return error;
  const { reason, message, field } = error;
  return new AppError("ABORTED", reason, message, { field, cause: error });
}
