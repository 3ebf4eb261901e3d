import type { Call } from "@mall/kit/call";
import { compareAgain } from "../../bills/compare-again.ts";
import { tellBills } from "../../bills/tell-bills.ts";
import type { ServiceContext } from "../context.ts";
import type { Bill, BillCompareRequest } from "../gen/pay.ts";

/** Has a day's bill compared again, now; one that is about to be is left as it is. */
export async function billCompare(
  context: ServiceContext,
  call: Call,
  request: BillCompareRequest,
): Promise<Bill> {
  return context.idempotency.once<Bill>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const asked = await compareAgain(context, tx, call, request);
      const [bill] = await tellBills(context.billDifferenceModel, [asked]);
      if (bill === undefined) throw new TypeError("a row is told as a bill");
      return { answer: bill };
    }),
  );
}
