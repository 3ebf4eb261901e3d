import { createAudit } from "@mall/kit/audit";
import { createServiceActs } from "@mall/kit/desk";
import { createIdempotency } from "@mall/kit/idempotency";
import { type Placement, rowsToClear } from "@mall/kit/process";
import { AttemptLimiter, SharedAttemptLimiter, Turns } from "@mall/kit/resilience";
import { createEndedSessionModel } from "../model/ended-session-model.ts";
import { createRoleGuard } from "../model/role-guard.ts";
import { createUserModel } from "../model/user-model.ts";
import { AttemptGuard } from "./attempt-guard.ts";
import type { UserRpcConfig } from "./config.ts";
import type { ServiceContext } from "./context.ts";
import { chooseScheme, createPasswords } from "./passwords.ts";

/** Guesses at passwords, and registrations of one mobile, whatever becomes of them. */
const LOGIN_MAX = { addressMax: 10, accountMax: 50 };
const REGISTER_MAX = { addressMax: 20, accountMax: 100 };
const WINDOW_MS = 15 * 60 * 1000;
/** Bounds the memory of a limiter, about 100 bytes an entry. */
const KEYS_MAX = 100_000;

/** Told at every start, since the weaker form is kept for the sake of a process that may be gone by now. */
const SHARED_PASSWORDS =
  "Salt is set and PasswordScheme is not: new passwords are kept in go-zero-mall's form, one salt for all, so that a " +
  "Go user.rpc can read them; set PasswordScheme to per-user once none does, or to seed if one does";

/** Puts together what the user rpc's logic may use. */
export async function buildContext(config: UserRpcConfig, placement: Placement): Promise<ServiceContext> {
  const { runtime } = placement;
  const database = await placement.database(config.Mysql.DataSource);
  const cache = await placement.cache(config.CacheRedis);
  const limiter = (name: string, attemptsMax: number): SharedAttemptLimiter => {
    const own = new AttemptLimiter({ runtime, attemptsMax, windowMs: WINDOW_MS, keysMax: KEYS_MAX });
    return new SharedAttemptLimiter(own, cache?.attempts({ name, attemptsMax, windowMs: WINDOW_MS }));
  };
  const scheme = chooseScheme(config);
  if (scheme === "seed-beside") placement.log.warn({}, SHARED_PASSWORDS);
  return {
    runtime,
    userModel: createUserModel(database, await rowsToClear(placement, config)),
    roleGuard: createRoleGuard(database),
    endedSessionModel: createEndedSessionModel(database),
    idempotency: createIdempotency(database),
    audit: createAudit(database, "user"),
    acts: createServiceActs(database, "user"),
    passwords: createPasswords({ runtime, seedSalt: config.Salt, scheme }),
    loginGuard: new AttemptGuard({ name: "login", ...LOGIN_MAX, limiter }),
    registerGuard: new AttemptGuard({ name: "register", ...REGISTER_MAX, limiter }),
    registerTurns: new Turns(),
    firstUserIsAdmin: config.Mode !== "pro",
  };
}
