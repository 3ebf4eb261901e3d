export type { BillDifference } from "./bill-difference.ts";
export { type BillsCompared, compareBills } from "./compare-bills.ts";
export { createFeeBooks, NO_FEE_BOOKS } from "./fee-books.ts";
