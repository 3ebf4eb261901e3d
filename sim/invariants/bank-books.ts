import type { TradeAtBank } from "../world/trade-at-bank.ts";
import type { AttemptRow, Books, DisputeMoveRow, RefundRow } from "./books.ts";
import type { OpenWork } from "./open-work.ts";
import { ATTEMPT, hasMoney, PAY, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** The books of the banks, which are the truth. */
export interface BankBooks {
  readonly trades: readonly TradeAtBank[];
  /** Their events that the mall has said it has taken. */
  readonly acknowledged: ReadonlySet<string>;
  /** Of these, what is badly signed or another's; none where nobody counts them. */
  readonly wronglyTaken?: readonly string[];
  /** What the mall has called forged, and is not. */
  readonly wronglyRefused?: readonly string[];
}

/** States of an attempt that expects no money any more. */
const SHUT: ReadonlySet<number> = new Set([ATTEMPT.closed, ATTEMPT.failed]);

/** Channels of attempts that no bank knows of: a gateway's callback, and what cost nothing. */
const WITHOUT_BANK: ReadonlySet<string> = new Set(["callback", "none"]);

/** The mall never says of money what the bank does not say, and lets none in that it has shut out. */
export function checkBankAlways(books: Books, bank: BankBooks, madeByHand: ReadonlySet<string>): void {
  for (const event of bank.acknowledged) {
    if (!books.events.has(event)) throw new Violation("acknowledged", `notification ${event} is not stored`);
  }
  for (const event of bank.wronglyTaken ?? [])
    throw new Violation("forged", `notification ${event} was taken`);
  for (const event of bank.wronglyRefused ?? [])
    throw new Violation("forged", `notification ${event} was refused, and is its channel's`);
  checkBanksThemselves(bank);
  const tradesOf = Map.groupBy(bank.trades, nameOfTrade);
  for (const attempt of books.attempts) {
    if (WITHOUT_BANK.has(attempt.channel)) continue;
    const trades = tradesOf.get(nameOfTrade(attempt)) ?? [];
    if (hasMoney(attempt.state)) checkReceived(attempt, paidOf(trades));
    checkShut(books, attempt, trades);
    for (const move of books.disputeMoves) if (move.attemptId === attempt.id) checkDisputeMove(move, trades);
    for (const refund of books.refunds) {
      if (refund.attemptId === attempt.id && !madeByHand.has(refund.refundNo)) checkRefund(refund, trades);
    }
  }
}

/** Money that a bank has taken and the mall does not know of yet. */
export function findUnknownMoney({ attempts }: Books, bank: BankBooks): OpenWork[] {
  const known = new Set(attempts.filter(({ state }) => hasMoney(state)).map(nameOfTrade));
  return bank.trades
    .filter((trade) => trade.payment !== undefined && !known.has(nameOfTrade(trade)))
    .map(({ channel, outTradeNo }) => ({ service: "pay", what: `${channel} was paid ${outTradeNo}` }));
}

/** In the end the mall knows of all the money that the banks have taken and given back, and of no other. */
export function checkBankAtEnd(books: Books, bank: BankBooks, madeByHand: ReadonlySet<string>): void {
  for (const [name, trades] of Map.groupBy(bank.trades, nameOfTrade)) {
    const paid = trades.filter(({ payment }) => payment !== undefined);
    if (paid.length > 1) throw new Violation("nobody pays twice", `${name} was paid ${paid.length} times`);
    const [trade] = paid;
    if (trade === undefined) continue;
    const attempt = books.attempts.find((row) => nameOfTrade(row) === name);
    if (attempt === undefined || !hasMoney(attempt.state)) {
      throw new Violation(
        "no money lost",
        `the bank was paid ${name}, here it is in state ${attempt?.state}`,
      );
    }
    checkFee(attempt, trade);
    checkDisputesHeard(books.disputeMoves, attempt, trade);
    checkGivenBack(books.refunds, attempt, { trade, madeByHand });
  }
}

function nameOfTrade({ channel, outTradeNo }: Pick<TradeAtBank, "channel" | "outTradeNo">): string {
  return `${channel} ${outTradeNo}`;
}

function paidOf(trades: readonly TradeAtBank[]): TradeAtBank["payment"] {
  return trades.find(({ payment }) => payment !== undefined)?.payment;
}

/** No bank gives more back than it took. */
function checkBanksThemselves({ trades }: BankBooks): void {
  for (const { channel, outTradeNo, payment, refunds } of trades) {
    const back = sumOf(refunds.filter(({ outcome }) => outcome !== "failed" && outcome !== "returned"));
    if (back <= (payment?.amount ?? 0)) continue;
    throw new Violation(
      "refunds",
      `${channel} took ${payment?.amount} for ${outTradeNo}, and ${back} go back`,
    );
  }
}

function checkShut({ pays }: Books, attempt: AttemptRow, trades: readonly TradeAtBank[]): void {
  const pay = pays.find(({ id }) => id === attempt.payId);
  const isShut = SHUT.has(attempt.state) || pay?.status === PAY.closed;
  if (!isShut || !trades.some(({ isOpen }) => isOpen)) return;
  const { channel, outTradeNo } = attempt;
  throw new Violation("closed", `${outTradeNo} is closed here, and ${channel} still takes money for it`);
}

function checkReceived(attempt: AttemptRow, paid: TradeAtBank["payment"]): void {
  const { outTradeNo, received, receivedCurrency, fee, lateFee } = attempt;
  // Not told yet, told with the receipt, or after it; never twice.
  const kept = paid?.fee ?? 0;
  const isFeeRight = lateFee === null ? fee === 0 || fee === kept : fee === 0 && lateFee === kept;
  if (paid?.amount === received && paid.currency === receivedCurrency && isFeeRight) return;
  throw new Violation(
    "no money invented",
    `${outTradeNo} got ${received} less ${fee} and ${lateFee}, the bank says ${JSON.stringify(paid)}`,
  );
}

/** What the bank keeps is known, where it tells that. */
function checkFee({ outTradeNo, fee, lateFee }: AttemptRow, { payment }: TradeAtBank): void {
  const told = fee + (lateFee ?? 0);
  if (told === (payment?.fee ?? 0)) return;
  throw new Violation("fees", `${outTradeNo} cost ${told} here, the bank kept ${payment?.fee}`);
}

function checkRefund({ refundNo, amount, state }: RefundRow, trades: readonly TradeAtBank[]): void {
  if (state !== REFUND.succeeded) return;
  const known = trades.flatMap(({ refunds }) => refunds).find((refund) => refund.refundNo === refundNo);
  const isMade = known?.outcome === "succeeded" || known?.outcome === "returned";
  if (isMade && known.amount === amount) return;
  throw new Violation(
    "no money invented",
    `refund ${refundNo} of ${amount}, the bank says ${JSON.stringify(known)}`,
  );
}

/** Of disputes the mall books what the bank has moved. */
function checkDisputeMove({ moveNo, amount, fee }: DisputeMoveRow, trades: readonly TradeAtBank[]): void {
  const known = trades
    .flatMap(({ disputeMoves = [] }) => disputeMoves)
    .find((move) => move.moveNo === moveNo);
  if (known?.amount === amount && known.fee === fee) return;
  throw new Violation(
    "no money invented",
    `a dispute moved ${amount} and ${fee}, the bank says ${JSON.stringify(known)}`,
  );
}

/** All that was moved is booked once the mall has heard of it. */
function checkDisputesHeard(
  booked: readonly DisputeMoveRow[],
  { id, outTradeNo }: AttemptRow,
  { disputeMoves = [] }: TradeAtBank,
): void {
  for (const { moveNo, amount, isHeard } of disputeMoves) {
    if (!isHeard || booked.some((row) => row.attemptId === id && row.moveNo === moveNo)) continue;
    throw new Violation("no money lost", `a dispute of ${outTradeNo} moved ${amount}, which is not booked`);
  }
}

/** Each refund of the bank's is known here, and all of them together are what went back by it. */
function checkGivenBack(
  refunds: readonly RefundRow[],
  attempt: AttemptRow,
  { trade, madeByHand }: { readonly trade: TradeAtBank; readonly madeByHand: ReadonlySet<string> },
): void {
  const byBank = refunds.filter(
    (row) => row.attemptId === attempt.id && row.state === REFUND.succeeded && !madeByHand.has(row.refundNo),
  );
  checkReturned(refunds, byBank, trade);
  // One that came back before the mall had heard that it was made has failed here.
  const made = trade.refunds.filter(({ outcome, refundNo }) =>
    outcome === "returned" ? byBank.some((row) => row.refundNo === refundNo) : outcome !== "failed",
  );
  for (const { refundNo } of made) {
    const state = refunds.find((row) => row.refundNo === refundNo)?.state;
    if (state !== REFUND.succeeded)
      throw new Violation("no money lost", `the bank made refund ${refundNo}, here it is ${state}`);
  }
  if (sumOf(made) === sumOf(byBank)) return;
  const { outTradeNo } = attempt;
  throw new Violation(
    "money at the bank",
    `of ${outTradeNo} ${sumOf(made)} went back there, here ${sumOf(byBank)}`,
  );
}

/** What came back, and was heard of, waits to be made another way. */
function checkReturned(
  refunds: readonly RefundRow[],
  byBank: readonly RefundRow[],
  trade: TradeAtBank,
): void {
  for (const { refundNo, isReturnHeard } of trade.refunds.filter(({ outcome }) => outcome === "returned")) {
    const made = byBank.find((row) => row.refundNo === refundNo);
    if (made === undefined || isReturnHeard !== true) continue;
    const waiting = refunds.find((row) => row.refundNo === `returned-${made.id}`);
    if (waiting?.amount === made.amount) continue;
    throw new Violation("no money lost", `refund ${refundNo} came back, and nobody owes it to its buyer`);
  }
}

function sumOf(rows: readonly { readonly amount: number }[]): number {
  return rows.reduce((total, { amount }) => total + amount, 0);
}
