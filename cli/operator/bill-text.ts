import type { BillDifference, BillsCompared } from "@mall/pay/reconcile";
import type { Bill } from "@mall/pay/rpc";
import { textTable } from "./text-table.ts";

/** A difference, and what to do about it. */
export function billDifferenceLines({ kind, text, next }: BillDifference): string[] {
  return [`${kind}: ${text}`, `  -> ${next}`];
}

const STATES: Readonly<Record<number, string>> = { 0: "waiting", 1: "compared", 2: "absent" };

/** Days whose bills were compared, one a line; of one that could not be, why. */
export function billLines(bills: readonly Bill[]): string[] {
  const heading = ["id", "account", "day", "state", "payments", "refunds", "open", "differences", "error"];
  const rows = bills.map(({ id, channel, day, state, payments, refunds, open, differences, error }) => [
    ...[String(id), channel, day, STATES[state] ?? String(state)],
    ...[payments, refunds, open, differences].map(String),
    error,
  ]);
  return textTable([heading, ...rows]);
}

/** How much was compared, and whether it is the same; amounts in minor units. */
export function billsComparedLines(compared: BillsCompared, hasBookedFees: boolean): string[] {
  const { days, absent, payments, refunds, others, sums, atEdge, differences } = compared;
  const moved = [...sums].map(
    ([currency, { paid, refunded, fees, feesBack }]) =>
      `${currency}: ${paid} paid, ${refunded} given back; the channel kept ${fees} and gave back ${feesBack} of it`,
  );
  const other = [...others].map(([what, count]) => `${what} ${count}`);
  return [
    `${counted(days, "day")}: ${counted(payments, "payment")}, ${counted(refunds, "refund")}`,
    ...(absent > 0
      ? [
          `${absent === days ? "no bill" : `${absent} without a bill`}: nothing happened, or it is not made yet`,
        ]
      : []),
    ...moved,
    ...(other.length > 0 ? [`lines about other money: ${other.join(", ")}`] : []),
    ...feeLines(compared, hasBookedFees),
    ...(atEdge > 0
      ? [`${atEdge} of ours were under way at the first or last midnight, or just now: another bill has them`]
      : []),
    differences === 0
      ? "bills and payments say the same"
      : `bills and payments differ: ${counted(differences, "difference")}`,
  ];
}

function feeLines({ unknownFees, unknownFeesBack }: BillsCompared, hasBookedFees: boolean): string[] {
  const parts = [
    ...(unknownFees.count > 0
      ? [`${counted(unknownFees.count, "fee")} of ${unknownFees.amount} in all`]
      : []),
    ...(unknownFeesBack.count > 0
      ? [`${unknownFeesBack.amount} given back with ${counted(unknownFeesBack.count, "refund")}`]
      : []),
  ];
  if (parts.length === 0) return [];
  const fees = parts.join(", and ");
  return [hasBookedFees ? `booked: ${fees}` : `not in the books: ${fees}; --book-fees writes them there`];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
