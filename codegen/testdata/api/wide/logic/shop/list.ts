import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../../context.ts";
import type { ListReq, ListResp } from "../../gen/types.ts";

/** what there is */
export async function list(context: ServiceContext, _call: Call, request: ListReq): Promise<ListResp> {
  context.seen.push("logic");
  return { items: [{ id: 1, next: { id: 2 } }], asked: JSON.stringify(request), total: "9007199254740993" };
}
