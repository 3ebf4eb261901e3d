export { readBooks, readOpenWork } from "./books.ts";
export { checkAlways, checkAtEnd } from "./check.ts";
export { StockWitness } from "./stock-witness.ts";
export { Violation } from "./violation.ts";
