import { invalidArgument } from "@mall/kit/errors";

/**
 * A number of pieces to take or give back.
 *
 * @throws AppError INVALID_ARGUMENT naming `num`.
 */
export function checkNum(num: number): void {
  if (num < 1) throw invalidArgument("num", "must be at least 1");
}
