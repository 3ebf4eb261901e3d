import type { Call } from "@mall/kit/call";
import { compareAgain } from "../../bills/compare-again.ts";
import type { ServiceContext } from "../context.ts";
import type { Bill, BillCompareRequest } from "../gen/pay.ts";
import { toBills } from "./bill-list.ts";

/** Has a day's bill compared again, now; one that is about to be is left as it is. */
export async function billCompare(
  context: ServiceContext,
  call: Call,
  request: BillCompareRequest,
): Promise<Bill> {
  return context.idempotency.once<Bill>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const [bill] = await toBills(context, [await compareAgain(context, tx, call, request)]);
      if (bill === undefined) throw new TypeError("a row is told as a bill");
      return { answer: bill };
    }),
  );
}
