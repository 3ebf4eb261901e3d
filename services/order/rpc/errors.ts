import { AppError } from "@mall/kit/errors";

export function orderNotFound(): AppError {
  return new AppError("NOT_FOUND", "ORDER_NOT_FOUND", "订单不存在");
}

export function priceMismatch(): AppError {
  return new AppError("FAILED_PRECONDITION", "PRICE_MISMATCH", "订单金额与产品价格不符", { field: "amount" });
}

export function orderFixed(field: string): AppError {
  return new AppError("FAILED_PRECONDITION", "ORDER_FIXED", "订单的用户和产品不可修改", { field });
}

/** The order is not in a state from which the asked change is allowed. */
export function orderStateConflict(): AppError {
  return new AppError("ABORTED", "ORDER_STATE_CONFLICT", "订单状态不允许此操作");
}

export function orderCancelled(): AppError {
  return new AppError("ABORTED", "ORDER_CANCELLED", "订单已取消");
}

export function orderAlreadyPaid(): AppError {
  return new AppError("ABORTED", "ORDER_ALREADY_PAID", "订单已支付");
}
