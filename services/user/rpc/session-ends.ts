import { backgroundCall } from "@mall/kit/call";
import type { RpcClientConfig } from "@mall/kit/config";
import type { Placement, SessionEnds } from "@mall/kit/process";
import { UserService } from "./gen/user.ts";

/** Tells the user rpc that a configuration names which browsers' sessions were signed out of, and asks it for others'. */
export function sessionEnds(config: RpcClientConfig, placement: Placement): SessionEnds {
  const userRpc = placement.client(UserService, config, "UserRpc");
  return {
    list: async (page) => (await userRpc.endedSessions(backgroundCall(), page)).data,
    tell: async (call, session) => {
      await userRpc.endSession(call, session);
    },
  };
}
