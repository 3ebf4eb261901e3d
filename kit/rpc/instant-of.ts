import { invalidArgument } from "@mall/kit/errors";

/** Far beyond every row, and within what a Date and the databases' times can be. */
const SECONDS_MAX = 9_007_199_254;

/**
 * A time as a request says it, in Unix seconds; undefined where it says none.
 *
 * @throws AppError INVALID_ARGUMENT naming the field.
 */
export function instantOf(field: string, seconds: number | undefined): Date | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > SECONDS_MAX)
    throw invalidArgument(field, `must be between 0 and ${SECONDS_MAX}`);
  return new Date(seconds * 1000);
}
