import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpStreams } from "@mall/kit/http";
import type { Database } from "@mall/kit/store";
import type { Bill, BillDay, BillLine } from "../channels/bills/bill.ts";
import { dayAt } from "../channels/bills/bill-day.ts";
import type { Channel } from "../channels/channel.ts";
import { type BillDifference, type BillDifferenceKind, type Found, nextStepOf } from "./bill-difference.ts";
import { compareLines, type Named, type UnknownFee, type UnknownFees } from "./compare-lines.ts";
import type { TakeFees } from "./fee-books.ts";
import { findNotBilled, type NotBilled, type Unbilled } from "./not-billed.ts";

/** Lines that are looked up at a time. */
const LINES_AT_A_TIME = 500;
/** Fees that are booked at a time. */
const FEES_AT_A_TIME = 16;

/** What an account took and gave in one currency, by its bills; minor units. */
interface BilledSums {
  paid: number;
  refunded: number;
  /** What the channel kept, without what it gave back with refunds. */
  fees: number;
  feesBack: number;
}

interface CountedSum {
  count: number;
  amount: number;
}

/** Payments and refunds of bills. */
interface Billed {
  payments: number;
  refunds: number;
  readonly sums: Map<string, BilledSums>;
}

/** What the bill of one day says. */
export interface BilledDay extends Billed {
  readonly isThere: boolean;
  /** Lines about other money. */
  others: number;
  /** What was under way when the day ended, unless the bill of the next day was read too. */
  atEnd: number;
  /** Fees that it tells and the books did not know. */
  unknownFees: number;
}

/** What was compared. */
export interface BillsCompared extends Billed {
  days: number;
  /** How many of them have no bill: nothing happened, or it is not made yet. */
  absent: number;
  /** Lines about other money, by the channel's words. */
  readonly others: Map<string, number>;
  /** Fees that the books did not know, and what came back of fees likewise; sums in minor units. */
  readonly unknownFees: CountedSum;
  readonly unknownFeesBack: CountedSum;
  /** What was under way when the days began or ended: the bill of the day before or after may have it. */
  atEdge: number;
  differences: number;
  readonly byDay: Map<string, BilledDay>;
  /** What of ours is named. */
  readonly named: Named;
}

/** What bills are compared with, and who is told. */
export interface BillsComparison {
  readonly database: Database;
  /** The account whose bills are read. */
  readonly channel: Channel;
  /** Names of the accounts that are in the same bills, its own among them. */
  readonly accounts: ReadonlySet<string>;
  readonly streams: HttpStreams;
  /** In order, without a gap; as the channel counts them. */
  readonly days: readonly string[];
  /** What it returns is awaited before more is read. */
  readonly report: (difference: BillDifference) => unknown;
  readonly now: () => number;
  /** Books what the books do not know of fees, once the bill that tells it has proved whole. */
  readonly fees: TakeFees;
  /** Told how many lines were compared so far. */
  readonly progress?: (lines: number) => void;
}

/**
 * Compares an account's bills of some days with its attempts and refunds, in both directions. Lines are compared as they
 * arrive, so that memory grows with the ids of a day and not with its bill.
 *
 * @throws AppError FAILED_PRECONDITION BILL_REFUSED; UNAVAILABLE BILL_UNANSWERED; UNKNOWN BAD_ANSWER for a bill that
 * is not whole. Nothing that was reported of that day counts then.
 */
export function compareBills(call: Call, comparison: BillsComparison): Promise<BillsCompared> {
  return new Comparer(call, comparison).run();
}

/** Days of which there are bills, or none; which is the last of them, and when it was asked for. */
interface Span extends BillDay {
  readonly last: string;
  readonly askedAt: number;
}

class Comparer {
  readonly #call: Call;
  readonly #comparison: BillsComparison;
  readonly #account: string;
  readonly #named: Named = { attempts: new Set(), refunds: new Set() };
  readonly #compared: BillsCompared = {
    ...{ byDay: new Map(), named: this.#named },
    ...{ days: 0, absent: 0, payments: 0, refunds: 0, atEdge: 0, differences: 0 },
    ...{ others: new Map(), sums: new Map(), unknownFees: { count: 0, amount: 0 } },
    unknownFeesBack: { count: 0, amount: 0 },
  };
  /** That what was reported last is taken. */
  #taken: unknown;

  constructor(call: Call, comparison: BillsComparison) {
    this.#call = call;
    this.#comparison = comparison;
    this.#account = comparison.channel.name;
  }

  async run(): Promise<BillsCompared> {
    let span: Span | undefined;
    for (const day of this.#comparison.days) {
      const askedAt = this.#comparison.now();
      const bill = await this.#billOf(day);
      await this.#compare(day, bill);
      this.#compared.days += 1;
      const { from, until, isThere } = bill;
      if (isThere) span = { from: span?.from ?? from, until, last: day, askedAt };
      else {
        await this.#lookBack(span);
        span = undefined;
        this.#compared.absent += 1;
        await this.#lookAtAbsent({ from, until, last: day, askedAt });
      }
    }
    await this.#lookBack(span);
    return this.#compared;
  }

  async #billOf(day: string): Promise<Bill> {
    const { channel, streams } = this.#comparison;
    if (channel.bills === undefined)
      throw refused(`${channel.name} is an account of a channel that has no bills`);
    const answer = await channel.bills.read(this.#call, { day, streams });
    if (answer.kind === "yes") return answer.value;
    if (answer.kind === "no")
      throw refused(`${channel.name} gives no bill of ${day}: ${answer.reason}: ${answer.message}`);
    throw unanswered(`${channel.name} gives no bill of ${day} that can be believed`, answer.cause);
  }

  async #compare(day: string, bill: Bill): Promise<void> {
    const { database, accounts, progress } = this.#comparison;
    const fees: UnknownFees = { taken: [], givenBack: [] };
    const told = { isThere: bill.isThere, payments: 0, refunds: 0, others: 0, atEnd: 0, unknownFees: 0 };
    const billed: BilledDay = { ...told, sums: new Map() };
    this.#compared.byDay.set(day, billed);
    const comparing = {
      ...{ database, account: this.#account, accounts, named: this.#named },
      ...{ report: (found: Found) => this.#report(day, found), fees },
    };
    for await (const lines of inGroups(whole(bill, `${this.#account}'s bill of ${day}`))) {
      this.#call.throwIfDone();
      this.#count(billed, lines);
      await compareLines(comparing, lines);
      await this.#taken;
      progress?.(this.#compared.payments + this.#compared.refunds);
    }
    // A bill that breaks off, or is not the one that was named, has thrown by now.
    billed.unknownFees = fees.taken.length + fees.givenBack.length;
    await this.#takeFees(fees);
  }

  async #takeFees({ taken, givenBack }: UnknownFees): Promise<void> {
    const { fees } = this.#comparison;
    add(this.#compared.unknownFees, taken);
    add(this.#compared.unknownFeesBack, givenBack);
    await this.#takeEach(taken, (fee) => fees.taken(fee));
    await this.#takeEach(givenBack, (fee) => fees.givenBack(fee));
  }

  async #takeEach(fees: readonly UnknownFee[], take: (fee: UnknownFee) => Promise<void>): Promise<void> {
    for (let at = 0; at < fees.length; at += FEES_AT_A_TIME) {
      this.#call.throwIfDone();
      await Promise.all(fees.slice(at, at + FEES_AT_A_TIME).map(take));
    }
  }

  /** What the bills of a time without a gap should have named. */
  async #lookBack(span: Span | undefined): Promise<void> {
    if (span === undefined) return;
    const { attempts, refunds } = await this.#notBilled(span);
    for (const attempt of attempts) await this.#reportNotBilled("PAYMENT_NOT_BILLED", attempt);
    for (const refund of refunds) await this.#reportNotBilled("REFUND_NOT_BILLED", refund);
  }

  /** It belongs to the day on which it was heard of. */
  #reportNotBilled(kind: BillDifferenceKind, { id: ours, payId, number, endedAt, text }: Unbilled): unknown {
    const { channel } = this.#comparison;
    const day = dayAt(endedAt, channel.bills?.aheadMs ?? 0);
    return this.#report(day, { kind, subject: number, payId, ours, text });
  }

  async #lookAtAbsent(span: Span): Promise<void> {
    const { attempts, refunds } = await this.#notBilled(span);
    if (attempts.length + refunds.length === 0) return;
    const ours = `${attempts.length} payments and ${refunds.length} refunds`;
    const text = `${this.#account} has no bill of ${span.last}, and of that day are ${ours} here`;
    this.#report(span.last, { kind: "BILL_ABSENT", subject: "", payId: 0, ours: 0, text });
  }

  async #notBilled({ from, until, askedAt, last }: Span): Promise<NotBilled> {
    const { database, accounts } = this.#comparison;
    const span = { from, until, askedAt, named: this.#named };
    const found = await findNotBilled(database, accounts, span);
    this.#compared.atEdge += found.atEdge;
    const day = this.#compared.byDay.get(last);
    if (day !== undefined) day.atEnd = found.atEnd;
    return found;
  }

  #count(day: BilledDay, lines: readonly BillLine[]): void {
    const { others } = this.#compared;
    for (const line of lines) {
      for (const billed of [this.#compared, day]) countLine(billed, line);
      if (line.kind !== "other") continue;
      others.set(line.what, (others.get(line.what) ?? 0) + 1);
      day.others += 1;
    }
  }

  #report(day: string, found: Found): unknown {
    this.#compared.differences += 1;
    this.#taken = this.#comparison.report({ ...found, day, next: nextStepOf(found.kind) });
    return this.#taken;
  }
}

function countLine(billed: Billed, line: BillLine): void {
  if (line.kind !== "payment" && line.kind !== "refund") return;
  const { sums } = billed;
  const sum = sums.get(line.currency) ?? { paid: 0, refunded: 0, fees: 0, feesBack: 0 };
  sums.set(line.currency, sum);
  if (line.kind === "payment") {
    billed.payments += 1;
    sum.paid += line.amount;
    sum.fees += line.fee;
  } else {
    billed.refunds += 1;
    sum.refunded += line.state === "made" ? line.amount : 0;
    sum.feesBack -= line.fee;
  }
}

function add(sum: CountedSum, fees: readonly UnknownFee[]): void {
  sum.count += fees.length;
  for (const { fee } of fees) sum.amount += fee;
}

/** The lines of a bill; what breaks it off says which bill that was. */
async function* whole({ lines }: Bill, name: string): AsyncGenerator<BillLine> {
  try {
    yield* lines;
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    const { code, reason, message } = cause;
    const text = `${name} is not whole, and nothing that was said of it counts: ${message}`;
    throw new AppError(code, reason, text, { cause });
  }
}

async function* inGroups(lines: AsyncIterable<BillLine>): AsyncGenerator<readonly BillLine[]> {
  let group: BillLine[] = [];
  for await (const line of lines) {
    group.push(line);
    if (group.length < LINES_AT_A_TIME) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function refused(message: string): AppError {
  return new AppError("FAILED_PRECONDITION", "BILL_REFUSED", message);
}

/** The cause is told: who runs the command may have to mend a key or a gateway. */
function unanswered(message: string, cause: unknown): AppError {
  const why = cause instanceof AppError ? `: ${cause.message}` : "";
  return new AppError("UNAVAILABLE", "BILL_UNANSWERED", `${message}${why}`, { cause });
}
