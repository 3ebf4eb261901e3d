import { AppError } from "@mall/kit/errors";

/** The reasons that others go by. */
export const PRODUCT_REASON = {
  notFound: "PRODUCT_NOT_FOUND",
  offShelf: "PRODUCT_OFF_SHELF",
  stockInsufficient: "STOCK_INSUFFICIENT",
} as const;

export function productNotFound(): AppError {
  return new AppError("NOT_FOUND", PRODUCT_REASON.notFound, "产品不存在");
}

/** ABORTED, because that is the code which tells a DTM coordinator to roll a saga back. */
export function stockInsufficient(): AppError {
  return new AppError("ABORTED", PRODUCT_REASON.stockInsufficient, "产品库存不足");
}

export function productOffShelf(): AppError {
  return new AppError("FAILED_PRECONDITION", PRODUCT_REASON.offShelf, "产品已下架");
}

/** The pieces that come are more than the product's row can count. */
export function stockOverflow(field: string, max: number): AppError {
  const message = `field "${field}" must not make the stock greater than ${max}`;
  return new AppError("FAILED_PRECONDITION", "STOCK_OVERFLOW", message, { field });
}

/** The product is no longer what the change was made for: it was sold, or somebody else changed it. */
export function productChanged(field: string): AppError {
  return new AppError("ABORTED", "PRODUCT_CHANGED", "产品已变化，请刷新后重试", { field });
}
