import { isServing, type Placement, type Revocations } from "@mall/kit/process";
import type { Runtime } from "@mall/kit/runtime";
import { type UserClient, UserService } from "@mall/user/rpc";
import { type ClientLimit, createClientLimit } from "./client-limit.ts";
import type { UserApiConfig } from "./config.ts";

/** What the user api's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly auth: UserApiConfig["Auth"];
  readonly userRpc: UserClient;
  readonly revocations: Pick<Revocations, "learn">;
  readonly loginLimit: ClientLimit;
  readonly registerLimit: ClientLimit;
}

const UNLIMITED = { LoginPerMinute: 0, RegisterPerMinute: 0 } as const;

export async function createContext(config: UserApiConfig, placement: Placement): Promise<ServiceContext> {
  const { runtime, log } = placement;
  const { LoginPerMinute, RegisterPerMinute } = isServing(config) ? config.RateLimit : UNLIMITED;
  const isLimited = LoginPerMinute > 0 || RegisterPerMinute > 0;
  const cache = isLimited ? await placement.cache(config.CacheRedis) : undefined;
  const limit = (name: string, perMinute: number): ClientLimit =>
    createClientLimit({ runtime, log, name, perMinute, cache });
  return {
    runtime,
    auth: config.Auth,
    userRpc: placement.client(UserService, config.UserRpc, "UserRpc"),
    revocations: placement.revocations,
    loginLimit: limit("login-from", LoginPerMinute),
    registerLimit: limit("register-from", RegisterPerMinute),
  };
}
