import { defineMoves, type Move } from "@mall/kit/states";

/** States of a payment. */
export const PAY_STATUS = {
  created: 0,
  paid: 1,
  closed: 2,
  refunded: 3,
  partlyRefunded: 4,
  /** Money came that does not match; somebody decides about it. */
  held: 5,
} as const;

const { created, paid, closed, refunded, partlyRefunded, held } = PAY_STATUS;

/** Every way in which a payment changes its state; what is not listed cannot happen. */
const MOVES = {
  /** Its one success: also late, after it was closed, and where what was held is accepted or is no longer needed. */
  succeed: { from: [created, closed, held], to: paid },
  /** Nothing came, and nothing can come any more. */
  close: { from: [created], to: closed },
  hold: { from: [created, closed], to: held },
  /** Its order refuses the success, and nothing of it went back. */
  doubt: { from: [paid], to: held },
  /** What was held goes back. */
  giveUp: { from: [held], to: closed },
  refundPart: { from: [paid, partlyRefunded], to: partlyRefunded },
  refundAll: { from: [paid, partlyRefunded], to: refunded },
} as const satisfies Record<string, Move>;

export type PayMove = keyof typeof MOVES;

/** The state that a move leads to; undefined where it may not be made. */
export const payMoved = defineMoves(MOVES);

/** States in which a payment has its success and not all of its money went back. */
export const MAY_REFUND: readonly number[] = MOVES.refundPart.from;

/** True for one of MAY_REFUND. */
export function mayRefund(status: number): boolean {
  return MAY_REFUND.includes(status);
}

/** Why money waits for somebody's decision. */
export const HELD_REASON = {
  /** Another amount than was asked for, or than the payment asks for by now. */
  amount: "AMOUNT_MISMATCH",
  currency: "CURRENCY_MISMATCH",
  /** What was asked for came, and the order costs something else. */
  orderAmount: "ORDER_AMOUNT_MISMATCH",
  /** As orderAmount, but found only when the order heard of the success, which is then none any more. */
  orderRefused: "ORDER_AMOUNT_CHANGED",
  /** The order is somebody else's by now. */
  orderOwner: "ORDER_OWNER_MISMATCH",
  /** The buyer's account is gone. */
  userGone: "USER_GONE",
} as const;

export type HeldReason = (typeof HELD_REASON)[keyof typeof HELD_REASON];
