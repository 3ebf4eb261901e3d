import type { Database } from "@mall/kit/store";
import type { BilledPayment, BilledRefund, BillLine } from "../channels/bills/bill.ts";
import type { BillDifferenceKind, Found, ReportBill } from "./bill-difference.ts";
import { attemptsOf, type OurAttempt, type OurRefund, refundsOf } from "./our-side.ts";

/** What the bills of an account named of ours. */
export interface Named {
  /** Ids of attempts, and of refunds. */
  readonly attempts: Set<number>;
  readonly refunds: Set<number>;
}

/** The fee of an attempt, or what came back of one with a refund; minor units. */
export interface UnknownFee {
  readonly id: number;
  readonly payId: number;
  readonly fee: number;
}

/** What only a bill tells of fees, where both sides say the same about the money. */
export interface UnknownFees {
  /** Those of attempts of which the books know none. */
  readonly taken: UnknownFee[];
  /** What came back with refunds that the books know nothing of. */
  readonly givenBack: UnknownFee[];
}

interface Comparing {
  readonly database: Database;
  /** The channel's account, and all that are in the same bill. */
  readonly account: string;
  readonly accounts: ReadonlySet<string>;
  /** What is named is added. */
  readonly named: Named;
  readonly report: ReportBill;
  /** What the books do not know is added. */
  readonly fees: UnknownFees;
}

/** What is wrong with a line, in words. */
type Wrong = readonly [kind: BillDifferenceKind, text: string];

/** Compares lines of a bill with what stands here about the same numbers. */
export async function compareLines(comparing: Comparing, lines: readonly BillLine[]): Promise<void> {
  const { database, account, accounts, named, report, fees } = comparing;
  const payments = lines.filter((line) => line.kind === "payment");
  const refunds = lines.filter((line) => line.kind === "refund");
  const [attemptOf, refundOf] = await Promise.all([
    attemptsOf(database, payments),
    refundsOf(database, refunds),
  ]);
  for (const line of payments) {
    const attempt = attemptOf(line);
    const found = judgePayment(line, attempt, { account, accounts, named: named.attempts });
    for (const wrong of found) report(aboutPayment(line, attempt, wrong));
    if (attempt === undefined || !accounts.has(attempt.channel)) continue;
    const { id, payId, fee } = attempt;
    named.attempts.add(id);
    if (found.length === 0 && fee === undefined && line.fee > 0)
      fees.taken.push({ id, payId, fee: line.fee });
  }
  for (const line of refunds) {
    const refund = refundOf(line);
    const found = judgeRefund(line, refund, { account, accounts, named: named.refunds });
    for (const wrong of found) report(aboutRefund(line, refund, wrong));
    if (refund === undefined || !accounts.has(refund.channel)) continue;
    const { id, payId, feeBack, isMade } = refund;
    named.refunds.add(id);
    const isKnown = feeBack !== undefined || line.fee >= 0;
    if (found.length === 0 && line.state === "made" && isMade && !isKnown)
      fees.givenBack.push({ id, payId, fee: -line.fee });
  }
  for (const line of lines) {
    if (line.kind !== "unreadable") continue;
    const text = `${account}: line ${line.line} of the bill`;
    report({ kind: "LINE_UNREADABLE", subject: `line ${line.line}`, payId: 0, ours: 0, text });
  }
}

/** A second trade under one number is known by the channel's. */
function aboutPayment(
  { outTradeNo, tradeNo }: BilledPayment,
  attempt: OurAttempt | undefined,
  [kind, text]: Wrong,
): Found {
  const subject = kind === "PAYMENT_TWICE" && tradeNo !== "" ? tradeNo : outTradeNo || tradeNo;
  return { kind, subject, payId: attempt?.payId ?? 0, ours: attempt?.id ?? 0, text };
}

/** A trade may have several refunds without a number, which their amounts tell apart. */
function aboutRefund(
  { refundNo, outTradeNo, tradeNo, amount, currency }: BilledRefund,
  refund: OurRefund | undefined,
  [kind, text]: Wrong,
): Found {
  const subject = refundNo || `${outTradeNo || tradeNo} ${amount} ${currency}`;
  return { kind, subject, payId: refund?.payId ?? 0, ours: refund?.id ?? 0, text };
}

interface Judging {
  readonly account: string;
  readonly accounts: ReadonlySet<string>;
  readonly named: ReadonlySet<number>;
}

function judgePayment(
  line: BilledPayment,
  attempt: OurAttempt | undefined,
  { account, accounts, named }: Judging,
): Wrong[] {
  const billed = `${line.outTradeNo || line.tradeNo}: paid at ${account} with ${line.amount} ${line.currency}`;
  if (attempt === undefined) return [["PAYMENT_UNKNOWN", `${billed}, and no attempt has this number`]];
  const about = `attempt ${attempt.id} of payment ${attempt.payId}`;
  if (!accounts.has(attempt.channel)) return [["ACCOUNT", `${billed}; ${about} is of ${attempt.channel}`]];
  if (named.has(attempt.id)) return [["PAYMENT_TWICE", `${billed} once more, as ${line.tradeNo}; ${about}`]];
  if (!attempt.hasMoney) return [["PAYMENT_NOT_HERE", `${billed}; ${about} has no money here`]];
  const found: Wrong[] = [];
  if (attempt.amount !== line.amount || attempt.currency !== line.currency)
    found.push(["AMOUNT", `${billed}; ${about} has ${attempt.amount} ${attempt.currency}`]);
  if (isOther(attempt.tradeNo, line.tradeNo))
    found.push(["TRADE", `${billed} as ${line.tradeNo}; ${about} was paid as ${attempt.tradeNo}`]);
  if (attempt.fee !== undefined && attempt.fee !== line.fee)
    found.push(["FEE", `${billed}, of which it keeps ${line.fee}; ${about} has ${attempt.fee}`]);
  return found;
}

function judgeRefund(
  line: BilledRefund,
  refund: OurRefund | undefined,
  { account, accounts, named }: Judging,
): Wrong[] {
  const trade = line.outTradeNo || line.tradeNo;
  const number = line.refundNo || `of ${trade}, without a number`;
  const billed = `refund ${number}: ${line.amount} ${line.currency} given back at ${account}`;
  if (refund === undefined) return [["REFUND_UNKNOWN", `${billed}, and no refund has this number`]];
  const about = `refund ${refund.id}`;
  if (!accounts.has(refund.channel)) return [["ACCOUNT", `${billed}; ${about} is of ${refund.channel}`]];
  if (named.has(refund.id)) return [["REFUND_TWICE", `${billed} once more; ${about}`]];
  const found: Wrong[] = [];
  if (isOther(refund.outTradeNo, line.outTradeNo))
    found.push(["TRADE", `${billed} of ${trade}; ${about} is of ${refund.outTradeNo}`]);
  if (refund.amount !== line.amount) found.push(["AMOUNT", `${billed}; ${about} is of ${refund.amount}`]);
  if (refund.feeBack !== undefined && refund.feeBack !== -line.fee)
    found.push(["FEE", `${billed}, and ${-line.fee} of the fee; ${about} has ${refund.feeBack}`]);
  const isMade = refund.isMade && !refund.hasReturned;
  if (line.state === "failed" && isMade)
    found.push(["REFUND_FAILED", `${billed} has failed there; ${about} is made here`]);
  if (line.state === "made" && !refund.isMade)
    found.push(["REFUND_NOT_HERE", `${billed}; ${about} is not made here`]);
  return found;
}

/** Whether two numbers are of different things; an empty one says nothing. */
function isOther(one: string, other: string): boolean {
  return one !== "" && other !== "" && one !== other;
}
