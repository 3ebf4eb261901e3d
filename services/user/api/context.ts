import type { Runtime } from "@mall/kit/context";
import { isServing, type Placement } from "@mall/kit/process";
import { type UserClient, UserService } from "@mall/user/rpc";
import { type ClientLimit, createClientLimit } from "./client-limit.ts";
import type { UserApiConfig } from "./config.ts";

/** What the user api's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly auth: UserApiConfig["Auth"];
  readonly userRpc: UserClient;
  readonly loginLimit: ClientLimit;
  readonly registerLimit: ClientLimit;
}

export function createContext(config: UserApiConfig, placement: Placement): ServiceContext {
  const { runtime, log } = placement;
  const limit = (perMinute: number): ClientLimit => createClientLimit({ runtime, log, perMinute });
  const { LoginPerMinute, RegisterPerMinute } = isServing(config)
    ? config.RateLimit
    : { LoginPerMinute: 0, RegisterPerMinute: 0 };
  return {
    runtime,
    auth: config.Auth,
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
    loginLimit: limit(LoginPerMinute),
    registerLimit: limit(RegisterPerMinute),
  };
}
