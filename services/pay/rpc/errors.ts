import { AppError } from "@mall/kit/errors";

export function payNotFound(): AppError {
  return new AppError("NOT_FOUND", "PAY_NOT_FOUND", "支付不存在");
}

export function payExists(): AppError {
  return new AppError("ALREADY_EXISTS", "PAY_EXISTS", "订单已创建支付");
}

export function payAmountMismatch(): AppError {
  return new AppError("FAILED_PRECONDITION", "PAY_AMOUNT_MISMATCH", "支付金额与订单金额不符", {
    field: "amount",
  });
}

/** The payment is in a state that takes no success any more, or took another one. */
export function payStateConflict(): AppError {
  return new AppError("ABORTED", "PAY_STATE_CONFLICT", "支付状态不允许此操作");
}

/** More than what is left of a payment was asked back. */
export function refundExceeds(): AppError {
  return new AppError("FAILED_PRECONDITION", "REFUND_EXCEEDS", "退款金额超过可退金额", { field: "amount" });
}
