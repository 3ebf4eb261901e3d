import { invalidArgument } from "@mall/kit/errors";
import { PRODUCT_STATUS } from "../model/product-state.ts";

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
