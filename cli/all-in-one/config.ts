import {
  cacheConfig,
  corsConfig,
  devServerConfig,
  dtmConfig,
  jobsConfig,
  listenHost,
  openOrdersMax,
  optionalDuration,
  orderExpire,
  payExpire,
  rateLimitConfig,
  restConfig,
  rowCache,
  rowCacheHasNodes,
  sagaConfig,
  seconds,
  secret,
  serviceConfig,
  shutdownConfig,
} from "@mall/kit/config";
import { channelsConfig } from "@mall/pay/channels";
import { z } from "zod";

const port = z.int().min(0).max(65535);

function servicePorts(api: number, rpc: number) {
  return z.object({ Api: port.default(api), Rpc: port.default(rpc) }).prefault({});
}

/** Configuration of the whole mall in one process. Every key has a default; 0 as a port takes any free one. */
const keys = serviceConfig.extend({
  Name: z.string().min(1).default("mall"),
  /** Outside `pro` the first user to register becomes admin. */
  Mode: z.enum(["dev", "test", "rt", "pre", "pro"]).default("dev"),
  Shutdown: shutdownConfig
    // A mall that is being tried out has nobody in front who must learn that it is leaving; elsewhere a second.
    .extend({ WrapUpTime: optionalDuration().optional() })
    .prefault({}),
  /** Address of the gateway and of the apis. */
  Host: listenHost("127.0.0.1"),
  /** Address of the rpc ports, whose methods believe whoever calls; only a DTM server needs them. */
  RpcHost: listenHost("127.0.0.1"),
  /** As in the other processes, but for the address: loopback, where none is named. */
  DevServer: devServerConfig.extend({ Host: listenHost("127.0.0.1") }).optional(),
  /**
   * A line in the log for each request. Off, as the log of a mall that is being tried shares the terminal with
   * its banner, and as a line costs a tenth to a fifth of what a quick request costs.
   */
  AccessLog: z.boolean().default(false),
  /** The gateway: every route, /docs, /openapi.json, /healthz. */
  Port: port.default(8888),
  /** Folder of the database and of the generated secret; made if missing. */
  DataDir: z.string().min(1).default("./data"),
  /** Another database than SQLite in DataDir: a go-sql-driver DSN. */
  Mysql: z.object({ DataSource: secret(z.string().default("")) }).prefault({}),
  /** Where attempts and questions are counted by all processes together, and rows cached where RowCache says so. */
  CacheRedis: cacheConfig.optional(),
  /** Rows are read about once between two changes, so that keeping them costs one process more than it saves. */
  RowCache: rowCache("unused"),
  Auth: z
    .object({
      /** Empty: a random one is made at the first start and kept in DataDir. */
      AccessSecret: secret(z.string().default("")),
      /** Seconds a token is valid. */
      AccessExpire: seconds(86400),
    })
    .prefault({}),
  /** The seed's password salt, for a user table that the Go original filled. */
  Salt: secret(z.string().default("")),
  /** As in the user rpc. */
  PasswordScheme: z.enum(["per-user", "seed"]).optional(),
  /** As in the order rpc. */
  OrderExpire: orderExpire,
  /** As in the order rpc. */
  OpenOrdersMax: openOrdersMax,
  /** How long a new payment may stay unpaid, milliseconds; 0: as long as its order. */
  PayExpire: payExpire,
  /** As in the api processes; of the gateway too. */
  TrustedProxies: restConfig.shape.TrustedProxies,
  Cors: corsConfig.prefault({}),
  CpuThreshold: restConfig.shape.CpuThreshold,
  RateLimit: rateLimitConfig.prefault({}),
  Jobs: jobsConfig.prefault({}),
  /** As in the order, pay and product rpcs. */
  Saga: sagaConfig.prefault({}),
  /** As in the order and pay rpcs: a DTM server, which calls the rpc ports of this process. */
  Dtm: dtmConfig.optional(),
  /** As in the pay rpc; a channel that is set here takes the place of the process's own. */
  Channels: channelsConfig.prefault({}),
  /** The sandbox bank that the gateway serves under `/sandbox`, and the channel to it. */
  Sandbox: z
    .object({
      /** Outside `pro` by default. */
      Enabled: z.boolean().optional(),
      /** Address that buyers reach the gateway at; empty: where it listens. */
      PublicUrl: z.string().default(""),
    })
    .prefault({}),
  User: servicePorts(8000, 9000),
  Product: servicePorts(8001, 9001),
  Order: servicePorts(8002, 9002),
  Pay: servicePorts(8003, 9003),
});

export const allInOneConfig = keys.superRefine(rowCacheHasNodes("unused"));

export type AllInOneConfig = z.output<typeof allInOneConfig>;
