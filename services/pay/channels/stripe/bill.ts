import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Bill, BilledPayment, BilledRefund, BillLine } from "../bills/bill.ts";
import { dayOf } from "../bills/bill-day.ts";
import type { Answer } from "../channel.ts";
import { fromStripe } from "./currencies.ts";
import { type BalanceEntry, balanceEntry, OUR_REFUND, OUR_TRADE, ourNumber, pageOf } from "./objects.ts";
import { stateOfRefund } from "./refunds.ts";
import { badAnswer, type StripeClient } from "./stripe-client.ts";
import { feeOf } from "./trade.ts";

/** Nothing is made here, but what happened at a day's end may be booked some time later. */
export const BILL_READY_MS = 3 * 3_600_000;

const PATH = "/v1/balance_transactions";
/** The largest page size Stripe allows. */
const PAGE_LENGTH = 100;

/** What entries for buyers' money, and for money that goes back to them, are called. */
const PAYMENTS = ["charge", "payment"];
const REFUNDS = ["refund", "payment_refund"];

/**
 * All that moved the account's balance on a day of UTC, in the order of Stripe's lists, the latest first. Stripe has no
 * file of it that is made at once: its list has the same entries.
 */
export async function readBill(
  client: StripeClient,
  call: Call,
  { day }: { readonly day: string },
): Promise<Answer<Bill>> {
  const bounds = dayOf(day, 0);
  const page = (after: string | undefined) => readPage(client, call, { bounds, after });
  // What is wrong with the account shows at the first page.
  const first = await page(undefined);
  if (first.kind !== "yes") return first;
  return { kind: "yes", value: { ...bounds, isThere: true, lines: linesOf(first.value, page) } };
}

/** The meaning of a refund's state by now: Stripe tells no other. */
const STATES = { succeeded: "made", processing: "under way", failed: "failed" } as const;

type Page = { readonly data: readonly BalanceEntry[]; readonly has_more: boolean };

function readPage(
  client: StripeClient,
  call: Call,
  {
    bounds,
    after,
  }: {
    readonly bounds: { readonly from: number; readonly until: number };
    readonly after: string | undefined;
  },
): Promise<Answer<Page>> {
  const created = { gte: bounds.from / 1000, lt: bounds.until / 1000 };
  const asked = { created, limit: PAGE_LENGTH, starting_after: after, expand: ["data.source"] };
  return client.get(call, PATH, asked, pageOf(balanceEntry));
}

async function* linesOf(
  first: Page,
  next: (after: string | undefined) => Promise<Answer<Page>>,
): AsyncGenerator<BillLine> {
  let line = 0;
  for (let page = first; ; page = await demand(next(page.data.at(-1)?.id))) {
    for (const entry of page.data) {
      line += 1;
      yield lineOf(entry) ?? { kind: "unreadable", line };
    }
    if (!page.has_more) return;
    if (page.data.length === 0) throw badAnswer("an empty page has more after it");
  }
}

async function demand<T>(answered: Promise<Answer<T>>): Promise<T> {
  const answer = await answered;
  if (answer.kind === "yes") return answer.value;
  if (answer.kind === "no") throw badAnswer(`a later page is refused: ${answer.reason}`);
  throw answer.cause instanceof AppError ? answer.cause : badAnswer("a later page cannot be read");
}

function lineOf(entry: BalanceEntry): BillLine | undefined {
  const { type } = entry;
  if (PAYMENTS.includes(type)) return paymentOf(entry);
  if (REFUNDS.includes(type)) return refundOf(entry);
  return { kind: "other", what: type };
}

function paymentOf({ source, ...booked }: BalanceEntry): BilledPayment | undefined {
  if (source?.object !== "charge") return undefined;
  const currency = source.currency.toUpperCase();
  const amount = movedBy(booked, source, source.amount_captured ?? source.amount);
  const fee = amount === undefined ? undefined : feeOf(booked, currency, amount);
  if (amount === undefined || fee === undefined) return undefined;
  const [outTradeNo, tradeNo] = [ourNumber(source, OUR_TRADE) ?? "", source.payment_intent ?? ""];
  return { kind: "payment", outTradeNo, tradeNo, amount, currency, fee };
}

/** Stripe gives no part of its fee back with a refund. */
function refundOf({ source, ...booked }: BalanceEntry): BilledRefund | undefined {
  if (source?.object !== "refund") return undefined;
  const currency = source.currency.toUpperCase();
  const amount = movedBy({ ...booked, amount: -booked.amount }, source, source.amount);
  if (amount === undefined) return undefined;
  const [outTradeNo, tradeNo] = [ourNumber(source, OUR_TRADE) ?? "", source.payment_intent ?? ""];
  const refundNo = ourNumber(source, OUR_REFUND) ?? "";
  const state = STATES[stateOfRefund(source)];
  return { kind: "refund", outTradeNo, tradeNo, refundNo, amount, currency, fee: 0, state };
}

type Sum = Pick<BalanceEntry, "amount" | "currency">;

/**
 * What an entry moved, in the currency of its source. The balance counts, and not what the source says of itself, but
 * where the account is settled in another currency.
 */
function movedBy({ amount, currency }: Sum, source: Pick<Sum, "currency">, told: number): number | undefined {
  const moved = currency === source.currency ? amount : told;
  return moved < 0 ? undefined : fromStripe(moved, source.currency.toUpperCase());
}
