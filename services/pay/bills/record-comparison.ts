import type { Transaction } from "@mall/kit/store";
import { mustMove } from "../intent/lock.ts";
import { DIFFERENCE_STATE, type PayBillDifferenceRow } from "../model/pay-bill-difference-model.ts";
import { BILL_STATE, type PayBillRow } from "../model/pay-bill-model.ts";
import type { BilledDay, BillsCompared } from "../reconcile/compare-bills.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { type FoundDifferences, keyOf } from "./found-differences.ts";

/** What became of a comparison. */
interface Comparison {
  /** The one that was asked for. */
  readonly bill: PayBillRow;
  /** All that were read, in the order of their days. */
  readonly bills: readonly PayBillRow[];
  readonly found: FoundDifferences;
  readonly compared: BillsCompared;
}

type Context = Pick<ServiceContext, "database" | "runtime" | "billModel" | "billDifferenceModel" | "bills">;

/** Writes down what bills say, in one transaction; written once more, it changes nothing. */
export async function recordComparison(context: Context, comparison: Comparison): Promise<void> {
  const { bill, bills, compared } = comparison;
  await context.database.transaction(async (tx) => {
    for (const { id, day } of bills) {
      const row = await context.billModel.lockOne(id, tx);
      const told = compared.byDay.get(day);
      if (row === undefined || told === undefined) continue;
      await recordDifferences(context, tx, { day, told, comparison });
      // A day before that is still to be compared has a job of its own, which sees the midnight at its beginning too.
      if (id !== bill.id && row.state === BILL_STATE.waiting) continue;
      await recordDay(context, tx, {
        row,
        told,
        isAsked: id === bill.id,
        notKept: comparison.found.of(day).notKept,
      });
    }
  });
}

/** What was under way at the end of the day before is compared by now. */
async function recordDay(
  { runtime, billModel, bills }: Context,
  tx: Transaction,
  {
    row: { id, state },
    told,
    isAsked,
    notKept,
  }: {
    readonly row: PayBillRow;
    readonly told: BilledDay;
    readonly isAsked: boolean;
    readonly notKept: number;
  },
): Promise<void> {
  const { isThere, payments, refunds, others, atEnd, unknownFees, sums } = told;
  const changes = {
    ...{
      state: isThere ? BILL_STATE.compared : BILL_STATE.absent,
      error: "",
      payments,
      refunds,
      others,
      notKept,
    },
    ...{
      atEdge: isAsked ? atEnd : 0,
      unbookedFees: bills.BookFees ? 0 : unknownFees,
      comparedAt: runtime.now(),
    },
    sums: JSON.stringify([...sums].map(([currency, sum]) => ({ currency, ...sum }))),
  };
  await mustMove(billModel.update(id, changes, { expect: { state }, tx }));
}

async function recordDifferences(
  context: Context,
  tx: Transaction,
  {
    day,
    told,
    comparison,
  }: { readonly day: string; readonly told: BilledDay; readonly comparison: Comparison },
): Promise<void> {
  const { runtime, billDifferenceModel } = context;
  const { billId, channel, again, news } = comparison.found.of(day);
  const rows = await billDifferenceModel.findMany((query) => query.where("bill_id", "=", billId), tx);
  const known = new Set(rows.map(keyOf));
  const foundAt = runtime.now();
  const fresh = [...news.values()].filter((difference) => !known.has(keyOf(difference)));
  if (fresh.length > 0)
    await billDifferenceModel.insertAll(
      fresh.map((difference) => ({ ...difference, billId, channel, foundAt })),
      tx,
    );
  for (const row of rows) {
    const isShown = again.has(keyOf(row)) || news.has(keyOf(row));
    if (isShown && row.state === DIFFERENCE_STATE.gone)
      await move(context, tx, row, { state: DIFFERENCE_STATE.open, endedAt: 0 });
    if (!isShown && row.state === DIFFERENCE_STATE.open && isGone(row, told, comparison.compared))
      await move(context, tx, row, { state: DIFFERENCE_STATE.gone, endedAt: foundAt });
  }
}

async function move(
  { billDifferenceModel }: Context,
  tx: Transaction,
  { id, state }: PayBillDifferenceRow,
  changes: { readonly state: number; readonly endedAt: number },
): Promise<void> {
  await mustMove(billDifferenceModel.update(id, changes, { expect: { state }, tx }));
}

/**
 * Whether a difference that was not found again is none any more. What stands twice was found by reading both days, and
 * of what no bill named it depends on the days that were read whether it is looked for.
 */
function isGone(
  { kind, ours }: PayBillDifferenceRow,
  { isThere }: BilledDay,
  { named }: BillsCompared,
): boolean {
  switch (kind) {
    case "PAYMENT_TWICE":
    case "REFUND_TWICE":
      return false;
    case "PAYMENT_NOT_BILLED":
      return named.attempts.has(ours);
    case "REFUND_NOT_BILLED":
      return named.refunds.has(ours);
    case "BILL_ABSENT":
      return true;
    default:
      return isThere;
  }
}
