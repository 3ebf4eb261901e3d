import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../../context.ts";
import type { CreateReq, CreateResp } from "../../gen/types.ts";

export async function create(context: ServiceContext, _call: Call, request: CreateReq): Promise<CreateResp> {
  return { name: `${request.shop}/${request.name}`, seen: context.seen };
}
