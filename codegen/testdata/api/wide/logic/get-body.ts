import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { GetBodyReq, RouteType } from "../gen/types.ts";

export async function getBody(_context: ServiceContext, _call: Call, request: GetBodyReq): Promise<RouteType[]> {
  return [{ a: request.id }];
}
