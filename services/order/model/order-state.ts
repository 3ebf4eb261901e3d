import { defineMoves, type Move } from "@mall/kit/states";

/** States of an order. A removed order keeps its row, because payments refer to it. */
export const ORDER_STATUS = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9, removed: 10 } as const;

/** All state transitions of an order; anything not listed is refused. */
const MOVES = {
  pay: { from: [ORDER_STATUS.unpaid], to: ORDER_STATUS.paid },
  /** By its owner, by staff, or because it expired. */
  cancel: { from: [ORDER_STATUS.unpaid], to: ORDER_STATUS.cancelled },
  /** A cancelled order was paid after all and a piece was still available. */
  reopen: { from: [ORDER_STATUS.cancelled], to: ORDER_STATUS.paid },
  /**
   * All its money was refunded. Also allowed from states in which the order was never paid, so that a late report of
   * the payment finds an order that can no longer be paid.
   */
  refund: {
    from: [ORDER_STATUS.paid, ORDER_STATUS.unpaid, ORDER_STATUS.cancelled],
    to: ORDER_STATUS.refunded,
  },
  remove: { from: [ORDER_STATUS.cancelled], to: ORDER_STATUS.removed },
} as const satisfies Record<string, Move>;

export type OrderMove = keyof typeof MOVES;

/** The state after a move; undefined if the move is not allowed. */
export const orderMoved = defineMoves(MOVES);

/** Whether an order in this state holds pieces of stock. */
export function holdsPieces(status: number): boolean {
  return status === ORDER_STATUS.unpaid || status === ORDER_STATUS.paid;
}
