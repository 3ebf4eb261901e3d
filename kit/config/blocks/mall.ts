import { z } from "zod";
import { duration, idle, seconds, secret } from "../key.ts";
import { cacheConfig, rowCache, rowCacheHasNodes } from "./redis.ts";
import { restConfig } from "./rest.ts";
import { rpcClientConfig, rpcServerConfig } from "./rpc.ts";

/** The seed's `Auth` block: the shared secret of all APIs. */
const authConfig = z.object({
  AccessSecret: secret(z.string().min(8, "must be at least 8 characters")),
  /** Seconds a token is valid. */
  AccessExpire: seconds(86400),
});

/** So that the end of what is open for so long stays within what its column holds. */
const EXPIRE_MS_MAX = 365 * 24 * 3_600_000;

/** How long something may stay open, in milliseconds; a year at most. */
export function expiry(byDefault: string) {
  return duration(byDefault).refine((ms) => ms <= EXPIRE_MS_MAX, "must be at most 8760h, a year");
}

/** Those of ISO 4217, and some that it has no more. */
const CURRENCIES: readonly string[] = Intl.supportedValuesOf("currency");

/** A currency, as ISO 4217 writes it. */
export const currencyCode = z
  .string()
  .refine((code) => CURRENCIES.includes(code), "must be a code of ISO 4217 in capitals, e.g. CNY");

/** The seed's `Mysql` block; `sqlite:PATH` is accepted as well. */
export const mysqlConfig = z.object({ DataSource: secret(z.string().min(1, "must not be empty")) });

/** What every rpc of the mall is configured with: go-zero's keys, its database, and where its rows are cached. */
export const rpcProcessConfig = rpcServerConfig
  .extend({
    Mysql: mysqlConfig,
    /** Where rows are cached, and attempts and questions counted by all instances together; absent: nowhere. */
    CacheRedis: cacheConfig.optional(),
    /** As in go-zero by default, whose processes may read the same rows. */
    RowCache: rowCache("read"),
  })
  .superRefine(rowCacheHasNodes("read"));

/** How the durable jobs of a process are run. Not in go-zero. */
export const jobsConfig = z.object({
  /** Attempts of one kind at the same time; kinds do not wait for each other. */
  Concurrency: z.int().min(1).max(1000).default(16),
  /** A job that has failed for so long is given up; milliseconds once read, as below. */
  Horizon: duration("72h"),
  /** A job whose process died is another's after so long; an attempt may take two thirds of it. */
  Lease: duration("15s").refine((ms) => ms >= 1000 && ms <= 3_600_000, "must be 1s to 1h"),
  /** From one look for due jobs to the next at the latest. */
  Interval: duration("1s").refine((ms) => ms >= 10 && ms <= 600_000, "must be 10ms to 10m"),
  /** For so long the rows of jobs that are over are kept, and with them their unique keys. */
  Retention: duration("168h"),
});

export type JobsConfig = z.output<typeof jobsConfig>;

const NO_DATABASE = "an api has no database, in the seed's files neither";

/**
 * A saga that began so long ago is over, milliseconds: whoever drives it has then had eighteen answers at least, as a
 * DTM server doubles its pauses from 10 s on; a process of ours asks every 30 s.
 */
export const SAGA_OPEN_MS_MAX = 30 * 24 * 3_600_000;

/** What is kept of transactions over several services. Not in go-zero. */
export const sagaConfig = z.object({
  /**
   * For so long the rows of sagas that have ended and of barriers are kept, milliseconds. Without the row of its
   * barrier a branch that is repeated counts twice, and is not taken back. So it must outlive every repetition: the
   * twentieth of a DTM server comes after 61 days, and the jobs of ours give up after `Jobs.Horizon`.
   */
  Retention: duration("2160h").refine(
    (ms) => ms >= 2 * SAGA_OPEN_MS_MAX,
    "must be at least 1440h, 60 days: a repeated branch counts twice once its row is gone",
  ),
});

export type SagaConfig = z.output<typeof sagaConfig>;

/** What every api of the mall is configured with, beside how its own rpc is reached. */
export const apiProcessConfig = restConfig.extend({
  /** Blocks of the seed's files that nothing reads, there as here. */
  Mysql: idle(secret(z.unknown().optional()), NO_DATABASE),
  CacheRedis: idle(secret(z.unknown().optional()), NO_DATABASE),
  Auth: authConfig,
  /** Tells whose tokens are revoked; absent: they are taken until they expire. */
  UserRpc: rpcClientConfig.optional(),
});
