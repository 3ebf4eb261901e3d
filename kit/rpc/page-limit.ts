import { invalidArgument } from "@mall/kit/errors";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/**
 * How many rows a page may have, as a list's request says; 0 stands for the default.
 *
 * @throws AppError INVALID_ARGUMENT naming `limit`.
 */
export function pageLimit(limit: number): number {
  if (limit === 0) return LIMIT_DEFAULT;
  if (limit < 1 || limit > LIMIT_MAX) throw invalidArgument("limit", `must be between 1 and ${LIMIT_MAX}`);
  return limit;
}
