import type { Account } from "../actors/index.ts";
import { checkAcknowledged, checkAnswers } from "./acknowledged.ts";
import type { Books, OpenWork } from "./books.ts";
import { checkOnePayPerOrder, checkPaidTogether } from "./payments.ts";
import { checkStockAlways, checkStockAtEnd, type PiecesOf } from "./stock.ts";
import { Violation } from "./violation.ts";

/** What the rows are held against. */
interface Known {
  readonly account: Account;
  readonly piecesOf: PiecesOf;
}

/** What must be so at every moment, whatever is under way. */
export function checkAlways(books: Books, { account, piecesOf }: Known): void {
  checkAnswers(account);
  checkOnePayPerOrder(books);
  checkStockAlways(books, piecesOf);
}

/** What must be so once nothing fails any more and time has passed. */
export function checkAtEnd(books: Books, open: readonly OpenWork[], known: Known): void {
  checkAlways(books, known);
  for (const { service, what } of open) throw new Violation("everything ends", `${service}: ${what}`);
  checkStockAtEnd(books, known.piecesOf);
  checkPaidTogether(books);
  checkAcknowledged(books, known.account);
}
