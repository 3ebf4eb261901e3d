import { AppError, type Code } from "@mall/kit/errors";
import { NO_PEER } from "@mall/kit/resilience";

/**
 * Longest text of an error, in UTF-16 units. It travels in headers, twice and nine bytes a character at
 * worst, and a header block beyond HTTP/2's limits (64 KiB in Node) closes the connection for all calls on it.
 */
const TEXT_LENGTH_MAX = 1_000;

const INTERNAL_TEXT = "internal error";

/** Codes whose texts may tell about a process's inside (drivers, addresses, stacks). */
const HIDDEN: ReadonlySet<Code> = new Set<Code>(["INTERNAL", "UNKNOWN", "DATA_LOSS"]);

/** True for codes whose cause only the log may learn. */
export function isHidden(code: Code): boolean {
  return HIDDEN.has(code);
}

/**
 * The error as a caller may see it, wherever it is: texts of unexpected errors stay behind in `cause`,
 * and no text is so long that it breaks the connection it travels on.
 */
export function publicError(error: AppError): AppError {
  const message = HIDDEN.has(error.code) ? INTERNAL_TEXT : shorten(error.message);
  const field = HIDDEN.has(error.code) || error.field === undefined ? undefined : shorten(error.field);
  if (message === error.message && field === error.field) return error;
  const { retryAfterSeconds } = error;
  return new AppError(error.code, error.reason, message, { field, retryAfterSeconds, cause: error });
}

function shorten(text: string): string {
  return text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX - 1).toWellFormed()}…`;
}

/** Nobody answers for `service`: its peers are going down, starting or unreachable. */
export function unavailable(service: string, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "UNAVAILABLE", `service unavailable: ${service}`, { cause });
}

/** No peer of `service` is connected, as the client knew before it sent anything. */
export function noPeer(service: string, cause: unknown): AppError {
  return new AppError("UNAVAILABLE", NO_PEER, `service unavailable: ${service}`, { cause });
}

/** An error of which only the log may learn more. */
export function internalError(cause: unknown): AppError {
  return new AppError("INTERNAL", "INTERNAL", INTERNAL_TEXT, { cause });
}
