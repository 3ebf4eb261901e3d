export { readBooks } from "./books.ts";
export { checkAlways, checkAtEnd } from "./check.ts";
export { readOpenWork } from "./open-work.ts";
export { StockWitness } from "./stock-witness.ts";
export { Violation } from "./violation.ts";
