import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { JobOutcome } from "@mall/kit/jobs";
import { fitText } from "@mall/kit/store";
import { CHANNEL_GONE } from "../attempt/ask-attempt.ts";
import { dayOf } from "../channels/bills/bill-day.ts";
import { accountsBilledWith } from "../channels/bills/billed-with.ts";
import { BILL_STATE, type PayBillRow } from "../model/pay-bill-model.ts";
import { type BillsCompared, compareBills } from "../reconcile/compare-bills.ts";
import { createFeeBooks, NO_FEE_BOOKS } from "../reconcile/fee-books.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { BillPayload } from "../rpc/pay-jobs.ts";
import type { BilledChannel } from "./bill-merchants.ts";
import { DAY_MS, dayBefore } from "./due-days.ts";
import { FoundDifferences } from "./found-differences.ts";
import { recordComparison } from "./record-comparison.ts";

/** A bill that should be there and is not is asked for again after so long, until the next one is made. */
const ABSENT_AGAIN_MS = 30 * 60_000;
const ERROR_LENGTH_MAX = 512;

/**
 * Compares a day's bill with payments and refunds, together with that of the day before: what was under way at the
 * midnight between the two is then in one of them. Nothing is written down of bills that are not whole, but for the
 * reason; of the others once all of them are read.
 */
export async function compareBill(
  context: ServiceContext,
  call: Call,
  { billId }: BillPayload,
): Promise<JobOutcome | undefined> {
  const bill = await context.billModel.findOne(billId);
  // Somebody else was quicker.
  if (bill?.state !== BILL_STATE.waiting) return undefined;
  try {
    return await compareDay(context, call, bill);
  } catch (error) {
    if (error instanceof AppError) await tellWhy(context, bill, error);
    throw error;
  }
}

async function compareDay(
  context: ServiceContext,
  call: Call,
  bill: PayBillRow,
): Promise<JobOutcome | undefined> {
  const channel = channelOf(context, bill);
  const before = await context.billModel.findOneByMerchantDay(bill.merchant, dayBefore(bill.day));
  const bills = before === undefined || before.state === BILL_STATE.unseen ? [bill] : [before, bill];
  const found = await FoundDifferences.of(context, bills);
  const compared = await compare(context, call, { channel, days: bills.map(({ day }) => day), found });
  if (isAwaited(context, { channel, bill, found, compared })) return { again: ABSENT_AGAIN_MS };
  await recordComparison(context, { bill, bills, found, compared });
  return undefined;
}

function compare(
  context: ServiceContext,
  call: Call,
  asked: {
    readonly channel: BilledChannel;
    readonly days: readonly string[];
    readonly found: FoundDifferences;
  },
): Promise<BillsCompared> {
  const { database, channels, streams, runtime, bills } = context;
  return compareBills(call, {
    ...{ database, channel: asked.channel, streams, days: asked.days },
    accounts: accountsBilledWith(channels, asked.channel),
    report: (difference) => asked.found.add(difference),
    now: () => runtime.now(),
    fees: bills.BookFees ? createFeeBooks(database) : NO_FEE_BOOKS,
  });
}

/** The account that was asked for the bill first, or another of the same merchant. */
function channelOf({ channels }: ServiceContext, { channel, merchant }: PayBillRow): BilledChannel {
  const isOfMerchant = (
    each: { readonly bills?: BilledChannel["bills"] | undefined } | undefined,
  ): each is BilledChannel => each?.bills?.merchant === merchant;
  const found = [channels.get(channel), ...channels.values()].find(isOfMerchant);
  if (found !== undefined) return found;
  throw new AppError("FAILED_PRECONDITION", CHANNEL_GONE, `no account of ${merchant} is configured any more`);
}

/** Whether a bill is not there yet and should be: something happened on its day, and the next is not made yet. */
function isAwaited(
  { runtime }: ServiceContext,
  {
    channel: { bills },
    bill: { day },
    found,
    compared,
  }: {
    readonly channel: BilledChannel;
    readonly bill: PayBillRow;
    readonly found: FoundDifferences;
    readonly compared: BillsCompared;
  },
): boolean {
  if (compared.byDay.get(day)?.isThere !== false || !found.has(day, "BILL_ABSENT")) return false;
  return runtime.now() < dayOf(day, bills.aheadMs).until + bills.readyMs + DAY_MS - ABSENT_AGAIN_MS;
}

async function tellWhy({ billModel }: ServiceContext, { id }: PayBillRow, error: AppError): Promise<void> {
  const text = fitText(`${error.reason}: ${error.message}`, ERROR_LENGTH_MAX);
  await billModel.update(id, { error: text }, { expect: { state: BILL_STATE.waiting } });
}
