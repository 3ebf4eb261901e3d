import { isStaff } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { DetailResponse } from "@mall/order/rpc";
import { changeAmount } from "../change-amount.ts";
import type { ServiceContext } from "../context.ts";
import type { UpdateRequest, UpdateResponse } from "../gen/types.ts";
import { changeVisible } from "../visible-order.ts";

/** The only state in which the rpc changes an order. */
const UNPAID = 0;

/** The owner may cancel; staff may change what the rpc allows. */
export async function update(
  context: ServiceContext,
  call: Call,
  request: UpdateRequest,
): Promise<UpdateResponse> {
  const guarded = guard(request);
  return changeVisible(context, call, request.id, async (own, order) => {
    if (order !== undefined && !isStaff(call)) refuseNewAmount(order, request);
    const isPriced = order?.status === UNPAID && request.amount !== undefined && isStaff(call);
    return isPriced ? changeAmount(context, own, guarded) : context.orderRpc.update(own, guarded);
  });
}

/**
 * A form sends back every field it was loaded with, so an amount among other fields must still be the stored one,
 * unless the request says what it expects.
 */
function guard(request: UpdateRequest): UpdateRequest {
  const { uid, pid, amount, status, expectedAmount = amount } = request;
  const isForm = uid !== undefined || pid !== undefined || status !== undefined;
  return isForm ? { ...request, expectedAmount } : request;
}

function refuseNewAmount(order: DetailResponse, request: UpdateRequest): void {
  if (request.amount === undefined || request.amount === order.amount) return;
  throw new AppError("PERMISSION_DENIED", "ROLE_REQUIRED", "无权修改订单金额", { field: "amount" });
}
