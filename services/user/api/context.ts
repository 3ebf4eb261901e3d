import type { Runtime } from "@mall/kit/context";
import type { Placement } from "@mall/kit/process";
import { type UserClient, UserService } from "@mall/user/rpc";
import type { UserApiConfig } from "./config.ts";

/** What the user api's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly auth: UserApiConfig["Auth"];
  readonly userRpc: UserClient;
}

export function createContext(config: UserApiConfig, placement: Placement): ServiceContext {
  return {
    runtime: placement.runtime,
    auth: config.Auth,
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
  };
}
