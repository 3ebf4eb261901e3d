/** Why money waits for somebody's decision. */
export const HELD_REASON = {
  /** Another amount than was asked for, or than the payment asks for by now. */
  amount: "AMOUNT_MISMATCH",
  currency: "CURRENCY_MISMATCH",
  /** What was asked for came, and the order costs something else. */
  orderAmount: "ORDER_AMOUNT_MISMATCH",
  /** As orderAmount, found only when the order was told of the success: that is none any more. */
  orderRefused: "ORDER_AMOUNT_CHANGED",
  /** The order is somebody else's by now. */
  orderOwner: "ORDER_OWNER_MISMATCH",
  /** The buyer's account is gone. */
  userGone: "USER_GONE",
} as const;

export type HeldReason = (typeof HELD_REASON)[keyof typeof HELD_REASON];
