export type { AccountTotal } from "./account-totals.ts";
export { type Difference, type DifferenceKind, nextStep } from "./difference.ts";
export { type BooksVerified, verifyBooks } from "./verify-books.ts";
