export { sandboxTrades } from "../world/sandbox-trades.ts";
export { type BankBooks, findUnknownMoney } from "./bank-books.ts";
export { BOOKS_SQL, BookReader, type Books } from "./books.ts";
export { checkCachedRows } from "./cached-rows.ts";
export { checkAlways, checkAtEnd } from "./check.ts";
export { type OpenWork, readOpenWork } from "./open-work.ts";
export { APPROVAL, ATTEMPT, ORDER, PAY, REFUND } from "./states.ts";
export { StockWitness } from "./stock-witness.ts";
export { Violation } from "./violation.ts";
