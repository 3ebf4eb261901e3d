import type { BankTrade } from "@mall/pay/sandbox/bank";
import type { AttemptRow, Books, RefundRow } from "./books.ts";
import type { OpenWork } from "./open-work.ts";
import { ATTEMPT, hasMoney, PAY, REFUND } from "./states.ts";
import { Violation } from "./violation.ts";

/** The books of the bank, which are the truth, and its clock. */
export interface BankBooks {
  readonly trades: ReadonlyMap<string, BankTrade>;
  /** Its events that the mall has said it has taken. */
  readonly acknowledged: ReadonlySet<string>;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** States of an attempt that expects no money any more. */
const SHUT: ReadonlySet<number> = new Set([ATTEMPT.closed, ATTEMPT.failed]);

/** The name of the bank's channel in the mall. */
const CHANNEL = "sandbox";

/** The mall never says of money what the bank does not say, and lets none in that it has shut out. */
export function checkBankAlways(
  { pays, attempts, refunds, events }: Books,
  bank: BankBooks,
  madeByHand: ReadonlySet<string>,
): void {
  for (const event of bank.acknowledged) {
    if (!events.has(event)) throw new Violation("acknowledged", `notification ${event} is not stored`);
  }
  for (const attempt of attempts) {
    if (attempt.channel !== CHANNEL) continue;
    const trade = bank.trades.get(attempt.outTradeNo);
    if (hasMoney(attempt.state)) checkReceived(attempt, trade);
    const pay = pays.find(({ id }) => id === attempt.payId);
    const isShut = SHUT.has(attempt.state) || pay?.status === PAY.closed;
    if (isShut && isOpen(trade, bank.now)) {
      throw new Violation(
        "closed",
        `${attempt.outTradeNo} is closed here, and the bank still takes money for it`,
      );
    }
    for (const refund of refunds) {
      if (refund.attemptId === attempt.id && !madeByHand.has(refund.refundNo)) checkRefund(refund, trade);
    }
  }
}

/** Money that the bank has taken and the mall does not know of yet. */
export function findUnknownMoney({ attempts }: Books, bank: BankBooks): OpenWork[] {
  return [...bank.trades.values()]
    .filter(({ payment }) => payment !== undefined)
    .filter(({ outTradeNo }) => !attempts.some((row) => row.outTradeNo === outTradeNo && hasMoney(row.state)))
    .map(({ outTradeNo }) => ({ service: "pay", what: `the bank was paid ${outTradeNo}` }));
}

/** In the end the mall knows of all the money that the bank has given back. */
export function checkBankAtEnd({ attempts, refunds }: Books, bank: BankBooks): void {
  for (const trade of bank.trades.values()) {
    if (trade.payment === undefined) continue;
    const attempt = attempts.find(({ outTradeNo }) => outTradeNo === trade.outTradeNo);
    if (attempt === undefined || !hasMoney(attempt.state)) {
      throw new Violation(
        "no money lost",
        `the bank was paid ${trade.outTradeNo}, here it is in state ${attempt?.state}`,
      );
    }
    for (const { refundNo, outcome } of trade.refunds) {
      const refund = refunds.find((row) => row.refundNo === refundNo);
      const isTold = refund?.state === REFUND.succeeded || outcome === "failed";
      if (!isTold)
        throw new Violation("no money lost", `the bank made refund ${refundNo}, here it is ${refund?.state}`);
    }
  }
}

function checkReceived(
  { outTradeNo, received, receivedCurrency, fee }: AttemptRow,
  trade: BankTrade | undefined,
): void {
  const paid = trade?.payment;
  if (paid?.amount === received && paid.currency === receivedCurrency && paid.fee === fee) return;
  throw new Violation(
    "no money invented",
    `${outTradeNo} got ${received}, the bank says ${JSON.stringify(paid)}`,
  );
}

function checkRefund({ refundNo, amount, state }: RefundRow, trade: BankTrade | undefined): void {
  const known = trade?.refunds.find((refund) => refund.refundNo === refundNo);
  if (state === REFUND.succeeded && (known?.outcome !== "succeeded" || known.amount !== amount)) {
    throw new Violation(
      "no money invented",
      `refund ${refundNo} of ${amount}, the bank says ${JSON.stringify(known)}`,
    );
  }
}

function isOpen(trade: BankTrade | undefined, now: number): boolean {
  return trade?.state === "open" && now < trade.expireAt;
}
