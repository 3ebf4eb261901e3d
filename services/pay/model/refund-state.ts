import { defineMoves, type Move } from "@mall/kit/states";

/** States of a refund. */
export const REFUND_STATE = {
  /** Its amount is set aside; the channel has not been asked yet. */
  reserved: 0,
  /** The channel was asked, and has not said how it ended. */
  processing: 1,
  succeeded: 2,
  failed: 3,
  /** No channel can be asked: somebody makes it and says so. */
  byHand: 4,
} as const;

const { reserved, processing, succeeded, failed, byHand } = REFUND_STATE;
/** States in which a channel makes a refund, or is to. */
export const ASKED_STATES: readonly number[] = [reserved, processing];
const WAITING: readonly number[] = [...ASKED_STATES, byHand];

/** Every way in which a refund changes its state; what is not listed cannot happen. */
const MOVES = {
  ask: { from: [reserved], to: processing },
  /** Also of one that was given up: its channel has the last word. */
  succeed: { from: [...WAITING, failed], to: succeeded },
  fail: { from: WAITING, to: failed },
  /** The channel refused it, and the money must go back nevertheless. */
  handOver: { from: ASKED_STATES, to: byHand },
} as const satisfies Record<string, Move>;

export type RefundMove = keyof typeof MOVES;

/** The state that a move leads to; undefined where it may not be made. */
export const refundMoved = defineMoves(MOVES);

/** Why money goes back. */
export const REFUND_CAUSE = {
  /** Staff asked for it. */
  request: "request",
  /** The payment had its success already. */
  surplus: "surplus",
  /** The order can no longer be had. */
  orderGone: "order_gone",
  /** What was held is not accepted. */
  held: "held",
  /** The channel has the money of a refund again that it had made: the buyer's bank did not take it. */
  returned: "returned",
} as const;

/** True where a refund is a part of its payment's success, and not of money beside it. */
export function isOfSuccess(cause: string): boolean {
  return cause === REFUND_CAUSE.request || cause === REFUND_CAUSE.orderGone;
}

export type RefundCause = (typeof REFUND_CAUSE)[keyof typeof REFUND_CAUSE];
