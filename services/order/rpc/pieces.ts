/** One order is for one piece; so says the seed's contract. */
export const PIECES = 1;
