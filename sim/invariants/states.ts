// The states as the contracts have them, written down here again: the simulation believes nobody.

export const ORDER = { unpaid: 0, paid: 1, refunded: 2, cancelled: 9, removed: 10 } as const;

export const PAY = { created: 0, paid: 1, closed: 2, refunded: 3, partlyRefunded: 4, held: 5 } as const;

export const ATTEMPT = {
  created: 0,
  pending: 1,
  succeeded: 2,
  failed: 3,
  closed: 4,
  unknown: 5,
  surplus: 6,
  held: 7,
} as const;

export const REFUND = { reserved: 0, processing: 1, succeeded: 2, failed: 3, byHand: 4 } as const;

export const APPROVAL = { open: 0, approved: 1, rejected: 2, expired: 3 } as const;

/** Whether an order in this state has its pieces. */
export function holdsPieces(status: number): boolean {
  return status === ORDER.unpaid || status === ORDER.paid;
}

/** Whether an attempt in this state has got money. */
export function hasMoney(state: number): boolean {
  return state === ATTEMPT.succeeded || state === ATTEMPT.surplus || state === ATTEMPT.held;
}

/** Whether a row is the money of a refund that came back and is to be made another way; the payment counts the first. */
export function isReturned({ cause }: { readonly cause: string }): boolean {
  return cause === "returned";
}

/** Whether a refund in this state may still succeed. */
export function isUnderWay(state: number): boolean {
  return state === REFUND.reserved || state === REFUND.processing || state === REFUND.byHand;
}
