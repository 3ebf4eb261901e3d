import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { HttpStreams } from "@mall/kit/http";
import type { Database } from "@mall/kit/store";
import type { Bill, BillDay, BillLine } from "../channels/bills/bill.ts";
import type { Channel } from "../channels/channel.ts";
import { type BillDifference, type BillDifferenceKind, nextStepOf } from "./bill-difference.ts";
import { compareLines, type Named, type UnknownFee, type UnknownFees } from "./compare-lines.ts";
import type { TakeFees } from "./fee-books.ts";
import { findNotBilled, type NotBilled } from "./not-billed.ts";

/** Lines that are looked up at a time. */
const LINES_AT_A_TIME = 500;

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

/** What was compared. */
export interface BillsCompared {
  days: number;
  /** How many of them have no bill: nothing happened, or it is not made yet. */
  absent: number;
  payments: number;
  refunds: number;
  /** Lines about other money, by the channel's words. */
  readonly others: Map<string, number>;
  readonly sums: Map<string, BilledSums>;
  /** Fees that the books did not know, and what came back of fees likewise; sums in minor units. */
  readonly unknownFees: CountedSum;
  readonly unknownFeesBack: CountedSum;
  /** What was under way when the days began or ended: the bill of the day before or after may have it. */
  atEdge: number;
  differences: number;
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
  readonly report: (difference: BillDifference) => void;
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

/** Days of which there are bills, or none, and when the last of these was asked for. */
interface Billed extends BillDay {
  readonly askedAt: number;
}

class Comparer {
  readonly #call: Call;
  readonly #comparison: BillsComparison;
  readonly #account: string;
  readonly #named: Named = { attempts: new Set(), refunds: new Set() };
  readonly #compared: BillsCompared = {
    ...{ days: 0, absent: 0, payments: 0, refunds: 0, atEdge: 0, differences: 0 },
    ...{ others: new Map(), sums: new Map(), unknownFees: { count: 0, amount: 0 } },
    unknownFeesBack: { count: 0, amount: 0 },
  };

  constructor(call: Call, comparison: BillsComparison) {
    this.#call = call;
    this.#comparison = comparison;
    this.#account = comparison.channel.name;
  }

  async run(): Promise<BillsCompared> {
    let span: Billed | undefined;
    for (const day of this.#comparison.days) {
      const askedAt = this.#comparison.now();
      const bill = await this.#billOf(day);
      await this.#compare(day, bill);
      this.#compared.days += 1;
      if (bill.isThere) span = { from: span?.from ?? bill.from, until: bill.until, askedAt };
      else {
        await this.#lookBack(span);
        span = undefined;
        this.#compared.absent += 1;
        await this.#lookAtAbsent(day, { ...bill, askedAt });
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
    const comparing = {
      ...{ database, account: this.#account, accounts, named: this.#named },
      ...{ report: this.#report, fees },
    };
    for await (const lines of inGroups(whole(bill, `${this.#account}'s bill of ${day}`))) {
      this.#count(lines);
      await compareLines(comparing, lines);
      progress?.(this.#compared.payments + this.#compared.refunds);
    }
    // A bill that breaks off, or is not the one that was named, has thrown by now.
    await this.#takeFees(fees);
  }

  async #takeFees({ taken, givenBack }: UnknownFees): Promise<void> {
    const { fees } = this.#comparison;
    add(this.#compared.unknownFees, taken);
    add(this.#compared.unknownFeesBack, givenBack);
    for (const fee of taken) await fees.taken(fee);
    for (const fee of givenBack) await fees.givenBack(fee);
  }

  /** What the bills of a time without a gap should have named. */
  async #lookBack(span: Billed | undefined): Promise<void> {
    if (span === undefined) return;
    const { attempts, refunds } = await this.#notBilled(span);
    for (const { text } of attempts) this.#report("PAYMENT_NOT_BILLED", text);
    for (const { text } of refunds) this.#report("REFUND_NOT_BILLED", text);
  }

  async #lookAtAbsent(day: string, span: Billed): Promise<void> {
    const { attempts, refunds } = await this.#notBilled(span);
    if (attempts.length + refunds.length === 0) return;
    const ours = `${attempts.length} payments and ${refunds.length} refunds`;
    this.#report("BILL_ABSENT", `${this.#account} has no bill of ${day}, and of that day are ${ours} here`);
  }

  async #notBilled({ from, until, askedAt }: Billed): Promise<NotBilled> {
    const { database, accounts } = this.#comparison;
    const span = { from, until, askedAt, named: this.#named };
    const found = await findNotBilled(database, accounts, span);
    this.#compared.atEdge += found.atEdge;
    return found;
  }

  #count(lines: readonly BillLine[]): void {
    const { others, sums } = this.#compared;
    for (const line of lines) {
      if (line.kind === "other") others.set(line.what, (others.get(line.what) ?? 0) + 1);
      if (line.kind !== "payment" && line.kind !== "refund") continue;
      const sum = sums.get(line.currency) ?? { paid: 0, refunded: 0, fees: 0, feesBack: 0 };
      sums.set(line.currency, sum);
      if (line.kind === "payment") {
        this.#compared.payments += 1;
        sum.paid += line.amount;
        sum.fees += line.fee;
      } else {
        this.#compared.refunds += 1;
        sum.refunded += line.state === "made" ? line.amount : 0;
        sum.feesBack -= line.fee;
      }
    }
  }

  readonly #report = (kind: BillDifferenceKind, text: string): void => {
    this.#compared.differences += 1;
    this.#comparison.report({ kind, text, next: nextStepOf(kind) });
  };
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
