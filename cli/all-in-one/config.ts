import {
  cacheConfig,
  corsConfig,
  devServerConfig,
  dtmConfig,
  jobsConfig,
  listenHost,
  moved,
  optionalDuration,
  restConfig,
  rowCache,
  rowCacheHasNodes,
  sagaConfig,
  seconds,
  secret,
  serviceConfig,
  shutdownConfig,
} from "@mall/kit/config";
import { z } from "zod";
import { consoleConfig, shopConfig } from "../pages/console-config.ts";
import { type LoadedService, loadServices } from "../services.ts";
import { SPEED_MAX } from "../simulator/accounts.ts";

/** The services of a mall in one process, neighbours before those who call them. */
export const SERVICES = await loadServices();

const port = z.int().min(0).max(65535);

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
  /** As in the api processes; of the gateway too. */
  Timeout: restConfig.shape.Timeout,
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
  /** As in the api processes; of the gateway too. */
  TrustedProxies: restConfig.shape.TrustedProxies,
  Cors: corsConfig.prefault({}),
  CpuThreshold: restConfig.shape.CpuThreshold,
  Jobs: jobsConfig.prefault({}),
  /** As in the order, pay and product rpcs. */
  Saga: sagaConfig.prefault({}),
  /** As in the order and pay rpcs: a DTM server, which calls the rpc ports of this process. */
  Dtm: dtmConfig.optional(),
  /** The sandbox bank that the gateway serves under `/sandbox`, and the channel to it. */
  Sandbox: z
    .object({
      /** Outside `pro` by default. */
      Enabled: z.boolean().optional(),
      /** Address that buyers reach the gateway at; empty: where it listens. */
      PublicUrl: z.string().default(""),
    })
    .prefault({}),
  /** A simulator of Alipay, WeChat Pay and Stripe on a port of its own, and an account of the mall's at each. */
  Simulator: z
    .object({
      /** By default where a mall is tried: outside `pro`, on SQLite, without an account at a real channel. */
      Enabled: z.boolean().optional(),
      /** On the gateway's address. */
      Port: port.default(8891),
      /** Address that buyers reach it at; empty: where it listens. */
      PublicUrl: z.string().default(""),
      /** How much faster than the channels it repeats notifications and settles refunds. */
      Speed: z.int().min(1).max(SPEED_MAX).default(1),
    })
    .prefault({}),
  /** Whether the gateway serves the home page, the cashier, the console and the shop, which `mall up` builds at its first start. */
  Pages: z.boolean().default(true),
  Shop: shopConfig.prefault({}),
  Console: consoleConfig.prefault({}),
});

/** Keys that stood here before each service had a block. */
const movedKeys = {
  Salt: moved("User.Salt", secret(z.string())),
  PasswordScheme: moved("User.PasswordScheme"),
  RateLimit: moved("User.RateLimit"),
  OrderExpire: moved("Order.OrderExpire"),
  OpenOrdersMax: moved("Order.OpenOrdersMax"),
  PayExpire: moved("Pay.PayExpire"),
  Channels: moved("Pay.Channels"),
};

/** A service's block: the ports of its processes, and what these have of their own. */
function blockOf({ ports, rpc, api }: LoadedService) {
  return z
    .object({
      ...(api && { Api: port.default(ports.api ?? 0), ...api.block.shape }),
      ...(rpc && { Rpc: port.default(ports.rpc ?? 0), ...rpc.block.shape }),
    })
    .prefault({});
}

const blocks = Object.fromEntries(SERVICES.map((service) => [service.block, blockOf(service)]));

// The compiler cannot know which services there are: `blockIn` finds their blocks.
export const allInOneConfig = (keys.extend(movedKeys).extend(blocks) as unknown as typeof keys).superRefine(
  rowCacheHasNodes("unused"),
);

export type AllInOneConfig = z.output<typeof keys>;

/** What the block of a service holds, beside what its processes have of their own. */
export interface ServiceBlock {
  /** Of a service that has an api. */
  readonly Api?: number;
  /** Of one that has an rpc. */
  readonly Rpc?: number;
}

/** The block of a service by its name in the file, e.g. `Pay`. */
export function blockIn(config: AllInOneConfig, block: string): ServiceBlock {
  // Checked by the schema that `blockOf` made.
  return Reflect.get(config, block) as ServiceBlock;
}
