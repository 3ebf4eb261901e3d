import { scrub } from "./scrub.ts";

const STACK_LENGTH_MAX = 4000;
const CAUSES_MAX = 3;

/** An error as a log line carries it. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  /** A driver's or the system's code, e.g. `ER_DUP_ENTRY`. */
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

/** Type, text, code and stack of what was thrown, scrubbed; its other properties may hold what a request said. */
export function describeError(thrown: unknown, causesMax = CAUSES_MAX): ErrorDescription {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: scrub(String(thrown)) };
  const { name, message, stack, cause } = thrown;
  const code = "code" in thrown ? thrown.code : undefined;
  return {
    type: name,
    message: scrub(message),
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(stack === undefined ? {} : { stack: scrub(stack.slice(0, STACK_LENGTH_MAX)) }),
    ...(cause instanceof Error && causesMax > 0 ? { cause: describeError(cause, causesMax - 1) } : {}),
  };
}
