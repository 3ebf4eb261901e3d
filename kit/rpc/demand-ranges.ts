import { invalidArgument } from "@mall/kit/errors";

/** What a search asks for between two ends; undefined where there is no such end. */
interface Ranges {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly amountMin?: number | undefined;
  readonly amountMax?: number | undefined;
}

/**
 * Refuses ranges that can hold nothing: whoever asks has mixed something up, and an empty list would not say so.
 *
 * @throws AppError INVALID_ARGUMENT naming `from` or `amountMin`.
 */
export function demandRanges({ from, to, amountMin, amountMax }: Ranges): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidArgument("from", "must be before to");
  if (amountMin !== undefined && amountMax !== undefined && amountMin > amountMax)
    throw invalidArgument("amountMin", "must not be more than amountMax");
}
