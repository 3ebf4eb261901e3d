/** The order's states as its contract has them, written down here again: the simulation believes nobody. */
export const ORDER = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9, removed: 10 } as const;

/** The payment's states, likewise. */
export const PAY = { created: 0, paid: 1, closed: 2, refunded: 3, partlyRefunded: 4, held: 5 } as const;

/** Whether an order in this state has its pieces. */
export function holdsPieces(status: number): boolean {
  return status === ORDER.unpaid || status === ORDER.paid;
}
