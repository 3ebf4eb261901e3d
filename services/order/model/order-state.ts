/** States of an order. */
export const ORDER_STATUS = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9 } as const;

/** From which state an order may come into each other one; what is not listed cannot happen. */
const COMES_FROM: Readonly<Record<number, readonly number[]>> = {
  [ORDER_STATUS.paid]: [ORDER_STATUS.unpaid],
  [ORDER_STATUS.refunded]: [ORDER_STATUS.paid],
  [ORDER_STATUS.cancelled]: [ORDER_STATUS.unpaid],
};

/** True where an order in state `from` may be moved to state `to`. */
export function orderMayMove(from: number, to: number): boolean {
  return COMES_FROM[to]?.includes(from) ?? false;
}
