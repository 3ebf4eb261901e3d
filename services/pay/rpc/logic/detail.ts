import type { Call } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/pay.ts";
import { toDetail } from "../to-detail.ts";

/** One payment. */
export async function detail(
  context: ServiceContext,
  _call: Call,
  request: DetailRequest,
): Promise<DetailResponse> {
  const pay = await context.payModel.findOne(request.id);
  if (pay === undefined) throw payNotFound();
  return toDetail(pay);
}
