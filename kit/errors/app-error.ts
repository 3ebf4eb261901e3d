import type { Code } from "./code.ts";

export interface AppErrorOptions {
  /** The request field that broke a rule, as the caller wrote it. */
  readonly field?: string | undefined;
  /** After how many seconds trying again may help: whole and at least 1. */
  readonly retryAfterSeconds?: number | undefined;
  /** What really happened; goes to the log, never to a caller. */
  readonly cause?: unknown;
}

/**
 * The one error that crosses process borders. `message` is public; `cause` never leaves the process.
 * `reason` is stable and machine readable (UPPER_SNAKE), as in google.rpc.ErrorInfo.
 */
export class AppError extends Error {
  readonly code: Code;
  readonly reason: string;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: Code, reason: string, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.reason = reason;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A request field that breaks a rule: INVALID_ARGUMENT naming the field and the rule. */
export function invalidArgument(field: string, rule: string): AppError {
  return new AppError("INVALID_ARGUMENT", "INVALID_FIELD", `field "${field}" ${rule}`, { field });
}

/** The deadline of a call passed; the text is go-zero's. */
export function deadlineExceeded(): AppError {
  return new AppError("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED", "context deadline exceeded");
}

/** The caller went away; the text is go-zero's. */
export function cancelled(): AppError {
  return new AppError("CANCELLED", "CANCELLED", "context canceled");
}

/** Turns anything thrown into an AppError; what is not one becomes INTERNAL with a public text that tells nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("INTERNAL", "INTERNAL", "internal error", { cause: error });
}
