import type { Call } from "@mall/kit/call";
import { settleDifference } from "../../bills/settle-difference.ts";
import type { ServiceContext } from "../context.ts";
import type { BillDifference, BillDifferenceSettleRequest } from "../gen/pay.ts";
import { toDifference } from "./bill-difference-list.ts";

/** Writes down what came of a difference; one that is settled or gone stays as it is. */
export async function billDifferenceSettle(
  context: ServiceContext,
  call: Call,
  request: BillDifferenceSettleRequest,
): Promise<BillDifference> {
  return context.idempotency.once<BillDifference>(call, request, (commit) =>
    commit.transaction(async (tx) => {
      const settled = await settleDifference(context, tx, call, request);
      const bill = await context.billModel.findOne(settled.billId, tx);
      return { answer: toDifference(settled, bill?.day ?? "") };
    }),
  );
}
