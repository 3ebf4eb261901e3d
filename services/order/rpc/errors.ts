import { AppError } from "@mall/kit/errors";

/** Reasons that other services act on. */
export const ORDER_REASON = {
  notFound: "ORDER_NOT_FOUND",
  amountMismatch: "ORDER_AMOUNT_MISMATCH",
  cancelled: "ORDER_CANCELLED",
  refunded: "ORDER_REFUNDED",
} as const;

export function orderNotFound(): AppError {
  return new AppError("NOT_FOUND", ORDER_REASON.notFound, "订单不存在");
}

export function priceMismatch(): AppError {
  return new AppError("FAILED_PRECONDITION", "PRICE_MISMATCH", "订单金额与产品价格不符", { field: "amount" });
}

/** The order's amount is no longer what was paid for it. */
export function orderAmountMismatch(): AppError {
  return new AppError("FAILED_PRECONDITION", ORDER_REASON.amountMismatch, "订单金额与支付金额不符", {
    field: "amount",
  });
}

/** Somebody else changed the order since the caller read it. */
export function orderChanged(field: string): AppError {
  return new AppError("ABORTED", "ORDER_CHANGED", "订单已变化，请刷新后重试", { field });
}

export function orderFixed(field: string): AppError {
  return new AppError("FAILED_PRECONDITION", "ORDER_FIXED", "订单的用户和产品不可修改", { field });
}

/** The order's state does not allow the requested change. */
export function orderStateConflict(): AppError {
  return new AppError("ABORTED", "ORDER_STATE_CONFLICT", "订单状态不允许此操作");
}

export function orderCancelled(): AppError {
  return new AppError("ABORTED", ORDER_REASON.cancelled, "订单已取消");
}

export function orderAlreadyPaid(): AppError {
  return new AppError("ABORTED", "ORDER_ALREADY_PAID", "订单已支付");
}

/** The money was refunded; the order can no longer be paid. */
export function orderRefunded(): AppError {
  return new AppError("ABORTED", ORDER_REASON.refunded, "订单已退款");
}

/** The order has not expired yet; a DTM server retries on this. */
export function orderNotDue(): AppError {
  return new AppError("FAILED_PRECONDITION", "ORDER_NOT_DUE", "订单未到支付截止时间");
}

/** The method is a step of a distributed transaction, but the call does not say of which. */
export function branchRequired(): AppError {
  return new AppError("FAILED_PRECONDITION", "BRANCH_REQUIRED", "缺少分布式事务信息");
}

/** Pieces for the order are being taken right now; a retry gets the outcome. */
export function orderReopening(): AppError {
  return new AppError("UNAVAILABLE", "ORDER_REOPENING", "订单正在恢复，请稍后重试");
}

/**
 * The user has reached the limit of unpaid orders. Not RESOURCE_EXHAUSTED, which go-zero's breakers count as a failure
 * of the service.
 */
export function tooManyOpenOrders(max: number): AppError {
  return new AppError("FAILED_PRECONDITION", "OPEN_ORDERS_MAX", `未支付订单不能超过${max}个，请先支付或取消`);
}

/** This process has too many orders in progress; nothing was started. */
export function ordersBusy(): AppError {
  const message = "下单人数过多，请稍后重试";
  return new AppError("RESOURCE_EXHAUSTED", "ORDERS_BUSY", message, { retryAfterSeconds: 1 });
}
