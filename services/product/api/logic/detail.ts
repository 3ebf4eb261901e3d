import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { DetailRequest, DetailResponse } from "../gen/types.ts";

/**
 * One product, possibly from the cache, for everybody who is logged in.
 *
 * @throws AppError NOT_FOUND PRODUCT_NOT_FOUND.
 */
export function detail(context: ServiceContext, call: Call, request: DetailRequest): Promise<DetailResponse> {
  return context.productRpc.detail(call, { ...request, allowCached: true });
}
