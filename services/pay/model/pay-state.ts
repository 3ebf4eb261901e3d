/** States of a payment. */
export const PAY_STATUS = { created: 0, paid: 1 } as const;
