import { isStaff } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { ServiceContext } from "../context.ts";
import type { ListRequest, ListResponse } from "../gen/types.ts";

const ON_SALE = 0;

/**
 * What is on sale, for everybody who is logged in; for staff also what is not.
 *
 * @throws AppError PERMISSION_DENIED ROLE_REQUIRED for a customer who asks for another status than 0.
 */
export async function list(context: ServiceContext, call: Call, request: ListRequest): Promise<ListResponse> {
  const { name, before = 0, limit = 0 } = request;
  const status = isStaff(call) ? request.status : onSale(request.status);
  return context.productRpc.list(call, { name, status, before, limit });
}

function onSale(status: number = ON_SALE): number {
  if (status === ON_SALE) return status;
  throw new AppError("PERMISSION_DENIED", "ROLE_REQUIRED", "无权查看下架产品", { field: "status" });
}
