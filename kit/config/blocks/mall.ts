import { z } from "zod";
import { idle, secret } from "../key.ts";

/** The seed's `Auth` block: the shared secret of all APIs. */
export const authConfig = z.object({
  AccessSecret: secret(z.string().min(8, "must be at least 8 characters")),
  /** Seconds a token is valid. */
  AccessExpire: z.int().min(1).default(86400),
});

/** Attempts that one client address has in a minute; 0 for no limit. Counted in mode `pro` only. Not in go-zero. */
export const rateLimitConfig = z.object({
  /** Logins, good or bad. */
  LoginPerMinute: z.int().min(0).default(60),
  /** Registrations, good or bad. */
  RegisterPerMinute: z.int().min(0).default(20),
});

/** The seed's `Mysql` block; `sqlite:PATH` is accepted as well. */
export const mysqlConfig = z.object({ DataSource: secret(z.string().min(1, "must not be empty")) });

const NO_DATABASE = "an api has no database, in the seed's files neither";

/** Blocks of the seed's api files that nothing reads, there as here. */
export const apiLeftovers = {
  Mysql: idle(secret(z.unknown().optional()), NO_DATABASE),
  CacheRedis: idle(secret(z.unknown().optional()), NO_DATABASE),
};
