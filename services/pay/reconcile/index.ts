export type { BillDifference } from "./bill-difference.ts";
export { type BillsCompared, compareBills } from "./compare-bills.ts";
export { createFeeBooks } from "./fee-books.ts";
