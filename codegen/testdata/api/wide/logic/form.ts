import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { FormReq, FormResp } from "../gen/types.ts";

export async function form(_context: ServiceContext, _call: Call, request: FormReq): Promise<FormResp> {
  return { Page: request.tags?.length ?? request.name.length };
}
