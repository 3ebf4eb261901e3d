/** States of an order. A removed one stays as a row, since payments refer to it. */
export const ORDER_STATUS = { unpaid: 0, paid: 1, cancelled: 9, removed: 10 } as const;

/** From which states an order may come into each other one; what is not listed cannot happen. */
const COMES_FROM: Readonly<Record<number, readonly number[]>> = {
  [ORDER_STATUS.paid]: [ORDER_STATUS.unpaid],
  [ORDER_STATUS.cancelled]: [ORDER_STATUS.unpaid],
  [ORDER_STATUS.removed]: [ORDER_STATUS.cancelled],
};

/** True where an order in state `from` may be moved to state `to`. */
export function orderMayMove(from: number, to: number): boolean {
  return COMES_FROM[to]?.includes(from) ?? false;
}
