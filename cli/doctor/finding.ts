import { AppError } from "@mall/kit/errors";

/** One thing that was looked at. */
export interface Finding {
  /** `warn` works but deserves a look; `fail` keeps a mall from starting or serving. */
  readonly level: "ok" | "warn" | "fail";
  readonly what: string;
  /** What to do about it. */
  readonly fix?: string;
}

export function ok(what: string): Finding {
  return { level: "ok", what };
}

export function warn(what: string, fix: string): Finding {
  return { level: "warn", what, fix };
}

export function fail(what: string, fix?: string): Finding {
  return fix === undefined ? { level: "fail", what } : { level: "fail", what, fix };
}

/** A failure that was thrown. Errors made for the operator mostly say themselves what to do; others are not foreseen. */
export function failure(error: unknown, fix?: string): Finding {
  if (!(error instanceof AppError)) throw error;
  return fail(error.message, fix);
}
