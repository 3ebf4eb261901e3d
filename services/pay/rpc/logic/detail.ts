import type { Call } from "@mall/kit/call";
import { unixSeconds } from "@mall/kit/runtime";
import type { PayRow } from "../../model/pay-model.ts";
import type { ServiceContext } from "../context.ts";
import { payNotFound } from "../errors.ts";
import type { DetailRequest, DetailResponse } from "../gen/pay.ts";

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

/** A payment as the contract tells it; times in Unix seconds, 0 for none. */
export function toDetail(pay: PayRow): DetailResponse {
  const {
    createTime: _created,
    updateTime: _updated,
    attempts: _attempts,
    expireTime,
    paidTime,
    ...told
  } = pay;
  return { ...told, expireTime: unixSeconds(expireTime), paidTime: unixSeconds(paidTime) };
}
