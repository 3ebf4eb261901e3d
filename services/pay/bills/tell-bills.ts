import type { Database } from "@mall/kit/store";
import {
  createPayBillDifferenceModel,
  type PayBillDifferenceModel,
} from "../model/pay-bill-difference-model.ts";
import { type BillPage, createPayBillModel, type PayBillRow } from "../model/pay-bill-model.ts";
import type { Bill, BillSum } from "../rpc/gen/pay.ts";

/** What came of days' bills, from the database alone. */
export async function findBillsIn(database: Database, page: BillPage): Promise<Bill[]> {
  return tellBills(createPayBillDifferenceModel(database), await createPayBillModel(database).findPage(page));
}

/** Rows as the contract tells them, with how many of their differences are open. */
export async function tellBills(
  model: Pick<PayBillDifferenceModel, "count">,
  rows: readonly PayBillRow[],
): Promise<Bill[]> {
  const counts = await model.count(rows.map(({ id }) => id));
  return rows.map(({ merchant: _, asked: __, sums, comparedAt, notKept, unbookedFees, ...told }) => {
    const { kept = 0, open = 0 } = counts.get(told.id) ?? {};
    return {
      ...{ ...told, notKept, unbookedFees },
      differences: kept + notKept,
      open: open + notKept,
      sums: JSON.parse(sums) as BillSum[],
      comparedTime: Math.floor(comparedAt / 1000),
    };
  });
}
