import type { Runtime } from "@mall/kit/context";
import type { Placement } from "@mall/kit/process";
import { AttemptLimiter } from "@mall/kit/resilience";
import { createUserModel, type UserModel } from "../model/user-model.ts";
import type { UserRpcConfig } from "./config.ts";
import { createPasswords, type Passwords } from "./passwords.ts";

/** Wrong passwords that one account takes within the window before it is closed for the rest of it. */
const LOGIN_ATTEMPTS_MAX = 10;
const LOGIN_WINDOW_MS = 15 * 60 * 1000;
/** Bounds the memory of the limiter, about 100 bytes an entry. */
const LOGIN_KEYS_MAX = 100_000;

/** What the user rpc's logic may use. */
export interface ServiceContext {
  readonly runtime: Runtime;
  readonly userModel: UserModel;
  readonly passwords: Passwords;
  readonly loginLimiter: AttemptLimiter;
  /** Outside `pro` the first user to register becomes admin, so that the tutorial's steps work as written. */
  readonly firstUserIsAdmin: boolean;
}

export async function createContext(config: UserRpcConfig, placement: Placement): Promise<ServiceContext> {
  const { runtime } = placement;
  return {
    runtime,
    userModel: createUserModel(
      await placement.database(config.Mysql.DataSource),
      await placement.cache(config.CacheRedis),
    ),
    passwords: createPasswords({ runtime, seedSalt: config.Salt, scheme: config.PasswordScheme }),
    loginLimiter: new AttemptLimiter({
      runtime,
      attemptsMax: LOGIN_ATTEMPTS_MAX,
      windowMs: LOGIN_WINDOW_MS,
      keysMax: LOGIN_KEYS_MAX,
    }),
    firstUserIsAdmin: config.Mode !== "pro",
  };
}
