import type { Database } from "@mall/kit/store";
import type { BilledPayment, BilledRefund, BillLine } from "../channels/bills/bill.ts";
import type { BillDifferenceKind, ReportBill } from "./bill-difference.ts";
import { attemptsOf, type OurAttempt, type OurRefund, refundsOf } from "./our-side.ts";

/** What the bills of an account named of ours. */
export interface Named {
  /** Ids of attempts, and of refunds. */
  readonly attempts: Set<number>;
  readonly refunds: Set<number>;
}

/** Takes what only a bill tells of fees; minor units. */
export interface TakeFees {
  /** The fee of an attempt of which the books know none. */
  taken(attempt: OurAttempt, fee: number): Promise<void>;
  /** What came back of a fee with a refund that the books know nothing of. */
  givenBack(refund: OurRefund, fee: number): Promise<void>;
}

interface Comparing {
  readonly database: Database;
  /** The channel's account, and all that are in the same bill. */
  readonly account: string;
  readonly accounts: ReadonlySet<string>;
  /** What is named is added. */
  readonly named: Named;
  readonly report: ReportBill;
  readonly fees: TakeFees;
}

type Found = readonly [kind: BillDifferenceKind, text: string];

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
    for (const found of judgePayment(line, attempt, { account, accounts, named: named.attempts }))
      report(...found);
    if (attempt === undefined || !accounts.has(attempt.channel) || named.attempts.has(attempt.id)) continue;
    named.attempts.add(attempt.id);
    if (attempt.hasMoney && attempt.fee === undefined) await fees.taken(attempt, line.fee);
  }
  for (const line of refunds) {
    const refund = refundOf(line);
    for (const found of judgeRefund(line, refund, { account, accounts, named: named.refunds }))
      report(...found);
    if (refund === undefined || !accounts.has(refund.channel) || named.refunds.has(refund.id)) continue;
    named.refunds.add(refund.id);
    if (line.isMade && refund.isMade && refund.feeBack === undefined) await fees.givenBack(refund, -line.fee);
  }
  for (const line of lines) {
    if (line.kind === "unreadable") report("LINE_UNREADABLE", `${account}: line ${line.line} of the bill`);
  }
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
): Found[] {
  const billed = `${line.outTradeNo || line.tradeNo}: paid at ${account} with ${line.amount} ${line.currency}`;
  if (attempt === undefined) return [["PAYMENT_UNKNOWN", `${billed}, and no attempt has this number`]];
  const about = `attempt ${attempt.id} of payment ${attempt.payId}`;
  if (!accounts.has(attempt.channel)) return [["ACCOUNT", `${billed}; ${about} is of ${attempt.channel}`]];
  if (named.has(attempt.id)) return [["PAYMENT_TWICE", `${billed} once more, as ${line.tradeNo}; ${about}`]];
  if (!attempt.hasMoney) return [["PAYMENT_NOT_HERE", `${billed}; ${about} has no money here`]];
  const found: Found[] = [];
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
): Found[] {
  const trade = line.outTradeNo || line.tradeNo;
  const number = line.refundNo || `of ${trade}, without a number`;
  const billed = `refund ${number}: ${line.amount} ${line.currency} given back at ${account}`;
  if (refund === undefined) return [["REFUND_UNKNOWN", `${billed}, and no refund has this number`]];
  const about = `refund ${refund.id}`;
  if (!accounts.has(refund.channel)) return [["ACCOUNT", `${billed}; ${about} is of ${refund.channel}`]];
  if (named.has(refund.id)) return [["REFUND_TWICE", `${billed} once more; ${about}`]];
  const found: Found[] = [];
  if (isOther(refund.outTradeNo, line.outTradeNo))
    found.push(["TRADE", `${billed} of ${trade}; ${about} is of ${refund.outTradeNo}`]);
  if (refund.amount !== line.amount) found.push(["AMOUNT", `${billed}; ${about} is of ${refund.amount}`]);
  if (refund.feeBack !== undefined && refund.feeBack !== -line.fee)
    found.push(["FEE", `${billed}, and ${-line.fee} of the fee; ${about} has ${refund.feeBack}`]);
  if (line.isMade && !refund.isMade) found.push(["REFUND_NOT_HERE", `${billed}; ${about} is not made here`]);
  return found;
}

/** Whether two numbers are of different things; an empty one says nothing. */
function isOther(one: string, other: string): boolean {
  return one !== "" && other !== "" && one !== other;
}
