import { callerOf } from "@mall/kit/auth";
import type { Call } from "@mall/kit/call";
import type { ServiceContext } from "../context.ts";
import type { UserInfoResponse } from "../gen/types.ts";

/** Who the token belongs to. */
export async function userInfo(context: ServiceContext, call: Call): Promise<UserInfoResponse> {
  return context.userRpc.userInfo(call, { id: callerOf(call).uid, allowCached: true });
}
