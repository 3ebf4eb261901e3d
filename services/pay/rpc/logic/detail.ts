import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/pay.ts";
import { toDetail } from "../to-detail.ts";

/** One payment, as the database or a view has it. */
export async function detail(
  { payModel }: { readonly payModel: Pick<ServiceContext["payModel"], "findOne"> },
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const pay = await payModel.findOne(request.id);
  if (pay === undefined) throw payNotFound();
  return toDetail(pay);
}
