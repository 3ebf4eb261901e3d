import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { PayBillDifferenceRow } from "../../model/pay-bill-difference-model.ts";
import { nextStepOf } from "../../reconcile/bill-difference.ts";
import type { ServiceContext } from "../context.ts";
import type { BillDifference, BillDifferenceListRequest, BillDifferenceListResponse } from "../gen/pay.ts";

/** A page of what bills and payments say differently, newest first. */
export async function billDifferenceList(
  { billModel, billDifferenceModel }: Pick<ServiceContext, "billModel" | "billDifferenceModel">,
  _call: Call,
  { billId, state, before, limit }: BillDifferenceListRequest,
): Promise<BillDifferenceListResponse> {
  const page = { billId, state, before: before || undefined, limit: pageLimit(limit) };
  const rows = await billDifferenceModel.findPage(page);
  const billIds = [...new Set(rows.map((row) => row.billId))];
  const bills = await Promise.all(billIds.map((id) => billModel.findOne(id)));
  const dayOf = new Map(billIds.map((id, index) => [id, bills[index]?.day ?? ""]));
  return { data: rows.map((row) => toDifference(row, dayOf.get(row.billId) ?? "")) };
}

/** As the contract tells it. */
export function toDifference(row: PayBillDifferenceRow, day: string): BillDifference {
  const { ours: _, foundAt, endedAt, ...told } = row;
  const [foundTime, endedTime] = [Math.floor(foundAt / 1000), Math.floor(endedAt / 1000)];
  return { ...told, day, next: nextStepOf(row.kind), foundTime, endedTime };
}
