import { type Call, callerOf } from "@mall/kit/context";
import type { ServiceContext } from "../context.ts";
import type { UserInfoResponse } from "../gen/types.ts";

/** Who the token belongs to. */
export async function userInfo(context: ServiceContext, call: Call): Promise<UserInfoResponse> {
  return context.userRpc.userInfo(call, { id: callerOf(call).uid, allowCached: true });
}
