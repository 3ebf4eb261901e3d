import { type Call, isStaff } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import type { DetailResponse } from "@mall/order/rpc";
import type { ServiceContext } from "../context.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/types.ts";
import { changeVisible } from "../visible-order.ts";

/** The owner may cancel; staff may change what the rpc allows. */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  return changeVisible(context, call, request.id, async (own, order) => {
    if (order !== undefined && !isStaff(call)) refuseNewAmount(order, request);
    return context.orderRpc.update(own, request);
  });
}

function refuseNewAmount(order: DetailResponse, request: UpdateRequest): void {
  if (request.amount === undefined || request.amount === order.amount) return;
  throw new AppError("PERMISSION_DENIED", "ROLE_REQUIRED", "无权修改订单金额", { field: "amount" });
}
