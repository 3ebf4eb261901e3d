import type { Call } from "@mall/kit/call";
import { pageLimit } from "@mall/kit/rpc";
import { tellBills } from "../../bills/tell-bills.ts";
import type { ServiceContext } from "../context.ts";
import type { BillListRequest, BillListResponse } from "../gen/pay.ts";

/** A page of the days whose bills are compared, newest first. */
export async function billList(
  {
    billModel,
    billDifferenceModel,
    channels,
  }: Pick<ServiceContext, "billModel" | "billDifferenceModel" | "channels">,
  _call: Call,
  { channel, before, limit }: BillListRequest,
): Promise<BillListResponse> {
  const merchant = channels.get(channel)?.bills?.merchant;
  const of = channel === "" ? undefined : { channel, merchant };
  const page = { of, before: before || undefined, limit: pageLimit(limit) };
  return { data: await tellBills(billDifferenceModel, await billModel.findPage(page)) };
}
