import { systemRuntime } from "@mall/kit/runtime";
import { dayAt, daysBetween } from "@mall/pay/channels";
import type { BillsCompared } from "@mall/pay/reconcile";
import { type Command, InvalidArgumentError } from "commander";
import { billDifferenceLines, billLines, billsComparedLines } from "../operator/bill-text.ts";
import { compareAccount } from "../operator/compare-account.ts";
import { listComparedBills } from "../operator/list-bills.ts";
import { idParser } from "../operator/parse-id.ts";
import { addPaySourceOptions, findPaySource, type PaySourceFlags } from "../operator/pay-source.ts";
import { print } from "../operator/print.ts";
import { tellProgress } from "../operator/tell-progress.ts";

const HELP = `
Fetches what a channel says of all that an account took and gave on some days, and compares it with the attempts and
refunds of this mall, in both directions: what the channel has and the mall has not, and the other way round; amounts,
numbers and fees. Days are those of the channel: of China for Alipay and WeChat Pay, of UTC for Stripe. Bills are made on
the next day, at Alipay and WeChat Pay until about 10:00. What happened at midnight may be in the bill of either day: give
both. The mall may run meanwhile. Exit code 0: the same, 1: differences, each with what
to do, 3: they could not be compared.

WeChat Pay and Alipay tell their fees by bills only: --book-fees writes them into the books, each as an entry of its own.

Examples:
  mall bill compare wechat
  mall bill compare alipay --from 2026-11-28 --to 2026-11-30 --book-fees
  mall bill compare stripe -f services/pay/rpc/etc/pay.yaml --json`;

const DAY_MS = 24 * 3_600_000;
const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;

const parseId = idParser("the number of a bill, as mall bill list shows it");

interface CompareFlags extends PaySourceFlags {
  readonly from?: string;
  readonly to?: string;
  readonly bookFees?: true;
  readonly json?: true;
}

interface ListFlags extends PaySourceFlags {
  readonly limit: number;
  readonly before?: number;
  readonly json?: true;
}

/** `mall bill`: whether channels say the same as this mall. */
export function addBillCommand(program: Command): void {
  const command = program
    .command("bill")
    .description("compare what channels say of a day with the payments of it");
  const list = command
    .command("list")
    .description("list the days whose bills a running mall compared, the newest first")
    .argument("[account]", "only of this account, as the list names it")
    .option("--limit <number>", `at most so many, up to ${LIMIT_MAX}`, parseLimit, LIMIT_DEFAULT)
    .option("--before <id>", "only those with a smaller id, for the next page", parseId)
    .option("--json", "print one JSON object a line");
  addPaySourceOptions(list).action(listBills);
  const comparing = command
    .command("compare")
    .description("compare an account's bills with its payments and refunds")
    .argument("<account>", "name of the account, as in the Channels block")
    .option("--from <day>", "first day, e.g. 2026-11-28; default --to, else yesterday", parseDay)
    .option("--to <day>", "last day; default --from, else yesterday", parseDay)
    .option("--book-fees", "write fees into the books that only the bill tells")
    .option("--json", "print one JSON object a line: each difference, then the summary")
    .addHelpText("after", HELP);
  addPaySourceOptions(comparing).action(compare);
}

async function listBills(account: string | undefined, flags: ListFlags): Promise<void> {
  const { limit, before, json = false } = flags;
  const bills = await listComparedBills(await findPaySource(flags), systemRuntime, {
    account,
    limit,
    before,
  });
  if (bills.length === 0) process.stderr.write("no such bill\n");
  else await print(json ? bills.map((bill) => JSON.stringify(bill)) : billLines(bills));
}

async function compare(account: string, flags: CompareFlags): Promise<void> {
  const { bookFees = false, json = false } = flags;
  const tell = tellProgress(systemRuntime);
  const compared = await compareAccount(await findPaySource(flags), systemRuntime, {
    ...{ account, bookFees },
    days: (aheadMs) => daysOf(aheadMs, flags),
    report: (difference) => print(json ? [JSON.stringify(difference)] : billDifferenceLines(difference)),
    progress: (lines) => tell(`${lines} lines compared`),
  });
  await print(json ? [JSON.stringify(jsonOf(compared))] : billsComparedLines(compared, bookFees));
  if (compared.differences > 0) process.exitCode = 1;
}

function daysOf(aheadMs: number, flags: CompareFlags): string[] {
  const now = systemRuntime.now();
  const yesterday = dayAt(now - DAY_MS, aheadMs);
  const { from = flags.to ?? yesterday, to = from } = flags;
  const days = daysBetween(from, to);
  if (days.length === 0) throw new InvalidArgumentError(`--to ${to} is before --from ${from}.`);
  if (to > dayAt(now, aheadMs)) throw new InvalidArgumentError(`${to} is still to come.`);
  return days;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`It must be a number from 1 to ${LIMIT_MAX}.`);
}

function parseDay(text: string): string {
  try {
    daysBetween(text, text);
  } catch {
    throw new InvalidArgumentError("Write a day of the calendar, e.g. 2026-11-30.");
  }
  return text;
}

function jsonOf({ others, sums, byDay: _, named: __, ...rest }: BillsCompared): object {
  return { ...rest, others: Object.fromEntries(others), sums: Object.fromEntries(sums) };
}
