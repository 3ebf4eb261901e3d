import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import type { PayBillRow } from "../../model/pay-bill-model.ts";
import type { ServiceContext } from "../context.ts";
import type { Bill, BillListRequest, BillListResponse, BillSum } from "../gen/pay.ts";

type Context = Pick<ServiceContext, "billModel" | "billDifferenceModel" | "channels">;

/** A page of the days whose bills are compared, newest first. */
export async function billList(
  context: Context,
  _call: Call,
  { channel, before, limit }: BillListRequest,
): Promise<BillListResponse> {
  const merchant = context.channels.get(channel)?.bills?.merchant;
  const of = channel === "" ? undefined : { channel, merchant };
  const page = { of, before: before || undefined, limit: pageLimit(limit) };
  return { data: await toBills(context, await context.billModel.findPage(page)) };
}

/** As the contract tells them, with how many of their differences are open. */
export async function toBills(
  { billDifferenceModel }: Pick<Context, "billDifferenceModel">,
  rows: readonly PayBillRow[],
): Promise<Bill[]> {
  const counts = await billDifferenceModel.count(rows.map(({ id }) => id));
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
