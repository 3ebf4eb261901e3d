import { defineMoves, type Move } from "@mall/kit/states";

/** States of an order. A removed one stays as a row, since payments refer to it. */
export const ORDER_STATUS = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9, removed: 10 } as const;

/** Every way in which an order changes its state; what is not listed cannot happen. */
const MOVES = {
  pay: { from: [ORDER_STATUS.unpaid], to: ORDER_STATUS.paid },
  /** By its owner, by staff, or because its time to be paid is over. */
  cancel: { from: [ORDER_STATUS.unpaid], to: ORDER_STATUS.cancelled },
  /** Money came for a cancelled order, and there was a piece left for it. */
  reopen: { from: [ORDER_STATUS.cancelled], to: ORDER_STATUS.paid },
  /**
   * All its money went back. Also from states in which the order was never paid: it cannot be paid any more, and
   * a word of its payment that comes late must find that out.
   */
  refund: {
    from: [ORDER_STATUS.paid, ORDER_STATUS.unpaid, ORDER_STATUS.cancelled],
    to: ORDER_STATUS.refunded,
  },
  remove: { from: [ORDER_STATUS.cancelled], to: ORDER_STATUS.removed },
} as const satisfies Record<string, Move>;

export type OrderMove = keyof typeof MOVES;

/** The state that a move leads to; undefined where it may not be made. */
export const orderMoved = defineMoves(MOVES);

/** True for a state in which an order holds pieces of stock. */
export function holdsPieces(status: number): boolean {
  return status === ORDER_STATUS.unpaid || status === ORDER_STATUS.paid;
}
