import type { Account } from "../actors/index.ts";
import { checkAcknowledged, checkAnswers } from "./acknowledged.ts";
import { checkApprovals } from "./approvals.ts";
import { type BankBooks, checkBankAlways, checkBankAtEnd } from "./bank-books.ts";
import type { Books } from "./books.ts";
import { checkLedger } from "./ledger.ts";
import type { OpenWork } from "./open-work.ts";
import {
  checkAmounts,
  checkNothingKept,
  checkOneSuccess,
  checkPaidTogether,
  checkPayStates,
  checkRefunds,
} from "./payments.ts";
import { checkStockAlways, checkStockAtEnd, type PiecesOf } from "./stock.ts";
import { Violation } from "./violation.ts";

/** What the rows are held against. */
interface Known {
  readonly account: Account;
  readonly bank: BankBooks;
  readonly piecesOf: PiecesOf;
  /** What one person may move alone, minor units; all by default. */
  readonly approvalAbove?: number;
}

/** What must be so at every moment, whatever is under way. */
export function checkAlways(books: Books, { account, bank, piecesOf, approvalAbove = 0 }: Known): void {
  checkAnswers(account);
  checkOneSuccess(books);
  checkAmounts(books, account.accepted);
  checkPayStates(books);
  checkRefunds(books);
  checkApprovals(books, approvalAbove);
  checkLedger(books);
  checkBankAlways(books, bank, account.madeByHand);
  checkStockAlways(books, piecesOf);
}

/** What must be so once nothing fails any more and time has passed. */
export function checkAtEnd(books: Books, open: readonly OpenWork[], known: Known): void {
  checkAlways(books, known);
  for (const { service, what } of open) throw new Violation("everything ends", `${service}: ${what}`);
  checkStockAtEnd(books, known.piecesOf);
  checkPaidTogether(books);
  checkNothingKept(books);
  checkBankAtEnd(books, known.bank, known.account.madeByHand);
  checkAcknowledged(books, known.account);
}
