import { invalidArgument } from "@mall/kit/errors";

/** States of a product. A removed one stays as a row, so that its orders keep what they were for. */
export const PRODUCT_STATUS = { onSale: 0, offShelf: 1, removed: 2 } as const;

/**
 * Lets only the states pass that a caller may set; `removed` is remove's.
 *
 * @throws AppError INVALID_ARGUMENT naming `status`.
 */
export function checkStatus(status: number): void {
  if (status !== PRODUCT_STATUS.onSale && status !== PRODUCT_STATUS.offShelf) {
    throw invalidArgument("status", "must be 0 (on sale) or 1 (off shelf)");
  }
}
