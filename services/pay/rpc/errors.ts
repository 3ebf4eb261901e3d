import { AppError } from "@mall/kit/errors";

/** When asking again may help, where a channel has the word. */
const RETRY_AFTER_SECONDS = 3;

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

/** The money of a payment has come. */
export function payAlreadyPaid(): AppError {
  return new AppError("ABORTED", "PAY_ALREADY_PAID", "支付已完成");
}

export function payClosed(): AppError {
  return new AppError("ABORTED", "PAY_CLOSED", "支付已关闭");
}

/** Money came that does not match, and somebody has to decide about it. */
export function payHeld(): AppError {
  return new AppError("ABORTED", "PAY_HELD", "支付待人工处理");
}

/** The time to pay is over; the payment is about to be closed. */
export function payExpired(): AppError {
  return new AppError("ABORTED", "PAY_EXPIRED", "支付已超时");
}

/** A channel has not said yet that it takes no more money; the payment is closed when it has. */
export function payClosing(): AppError {
  return new AppError("ABORTED", "PAY_CLOSING", "支付正在关闭，请稍后查询", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The channels were asked about a payment as often as they may be for now; `detail` returns what is known. */
export function paySyncLimited(retryAfterSeconds: number): AppError {
  const message = "支付查询过于频繁，请稍后再试";
  return new AppError("RESOURCE_EXHAUSTED", "PAY_SYNC_LIMITED", message, { retryAfterSeconds });
}

export function payTooManyAttempts(): AppError {
  return new AppError("FAILED_PRECONDITION", "PAY_TOO_MANY_ATTEMPTS", "支付尝试次数过多");
}

/**
 * What a job is about has not happened as far as this process can see, though they were written down together: it has
 * to look again, since a job that ends never comes back.
 */
export function notDecidedYet(): AppError {
  return new AppError("ABORTED", "NOT_DECIDED_YET", "状态尚未确定，请稍后重试");
}

/** Another attempt took the place of this one, or the payment ended, before the channel answered. */
export function prepaySuperseded(): AppError {
  return new AppError("ABORTED", "PREPAY_SUPERSEDED", "支付下单已被取代，请重新查询");
}

/** A channel does not want a payment; `message` is what it says to people. */
export function channelRefused(message: string): AppError {
  return new AppError("FAILED_PRECONDITION", "CHANNEL_REFUSED", `支付渠道拒绝: ${message}`);
}

/**
 * A channel does not answer, so nobody knows; what is open is asked about until it is known. ABORTED and not
 * UNAVAILABLE, which would speak against this service and have its callers keep away from it.
 */
export function channelUnavailable(channel: string, cause?: unknown): AppError {
  return new AppError("ABORTED", "CHANNEL_UNAVAILABLE", `支付渠道 ${channel} 暂无应答，请稍后重试`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}

/** What a channel refused to say where its own trade or refund stands with: why it has said nothing. */
export function channelsNo({
  reason,
  message,
}: {
  readonly reason: string;
  readonly message: string;
}): Error {
  return new Error(`${reason}: ${message}`);
}

export function refundNotFound(): AppError {
  return new AppError("NOT_FOUND", "REFUND_NOT_FOUND", "退款不存在");
}

/** The number is another refund's. */
export function refundNoUsed(): AppError {
  return new AppError("ALREADY_EXISTS", "REFUND_NO_USED", "退款单号已被使用", { field: "refundNo" });
}

/** The payment has no money that could go back. */
export function payNotRefundable(): AppError {
  return new AppError("ABORTED", "PAY_NOT_REFUNDABLE", "支付状态不允许退款");
}

/** A channel makes the refund, or it is over. */
export function refundNotByHand(): AppError {
  return new AppError("ABORTED", "REFUND_NOT_BY_HAND", "该退款无需人工处理");
}

/** The money is not the mall's to keep, so its refund stays to be made. */
export function refundMustBeMade(): AppError {
  return new AppError("FAILED_PRECONDITION", "REFUND_MUST_BE_MADE", "该款项必须退还", { field: "succeeded" });
}

export function payNotHeld(): AppError {
  return new AppError("ABORTED", "PAY_NOT_HELD", "支付无待处理款项");
}

/** What came is in another currency than the payment's, so it can only go back. */
export function heldCurrency(): AppError {
  return new AppError("FAILED_PRECONDITION", "HELD_CURRENCY", "币种不符，只能退款", { field: "decision" });
}

/** Something else about the payment waits for a second person. */
export function approvalPending(): AppError {
  return new AppError("ABORTED", "APPROVAL_PENDING", "该支付已有待复核的操作");
}

export function approvalNotFound(): AppError {
  return new AppError("NOT_FOUND", "APPROVAL_NOT_FOUND", "复核申请不存在");
}

/** Somebody was quicker. */
export function approvalDecided(): AppError {
  return new AppError("ABORTED", "APPROVAL_DECIDED", "复核申请已处理");
}

export function approvalExpired(): AppError {
  return new AppError("ABORTED", "APPROVAL_EXPIRED", "复核申请已过期");
}

/** Who wants it is no second person. */
export function approvalOwn(): AppError {
  return new AppError("PERMISSION_DENIED", "APPROVAL_OWN", "不能复核自己的申请");
}

/** Nobody knows who decides, so it may be the same person. */
export function approvalUnnamed(): AppError {
  return new AppError("PERMISSION_DENIED", "APPROVAL_UNNAMED", "复核人身份不明");
}

export function notifyNotFound(id: number): AppError {
  return new AppError("NOT_FOUND", "NOTIFY_NOT_FOUND", `there is no notification ${id}`);
}

export function billNotFound(): AppError {
  return new AppError("NOT_FOUND", "BILL_NOT_FOUND", "对账单不存在");
}

export function billDifferenceNotFound(): AppError {
  return new AppError("NOT_FOUND", "BILL_DIFFERENCE_NOT_FOUND", "对账差异不存在");
}

/** Somebody speaks for a channel that is not configured. */
export function channelUnknown(): AppError {
  return new AppError("NOT_FOUND", "CHANNEL_UNKNOWN", "支付渠道不存在", { field: "channel" });
}
