import type { RedisConfig } from "@mall/kit/config";
import type { Cluster, Redis } from "ioredis";

/** How long a connection may take to come about; ioredis tries again by itself. */
const CONNECT_MS_MAX = 2000;
const RECONNECT_MS_MAX = 500;
const PORT_DEFAULT = 6379;

/** A connection to one Redis server, or to all masters of a cluster. */
export type RedisClient = Redis | Cluster;

/** What a cache asks of each server that holds keys. */
export interface CacheServer {
  info(section: "server"): Promise<string>;
  scan(
    cursor: string,
    match: "MATCH",
    pattern: string,
    count: "COUNT",
    keys: number,
  ): Promise<[cursor: string, keys: string[]]>;
  del(...keys: string[]): Promise<number>;
}

/** What a cache uses of a RedisClient, and no more: whatever has this can stand in its place. */
export interface CacheClient extends CacheServer {
  readonly status: string;
  mget(...keys: string[]): Promise<(string | null)[]>;
  eval(script: string, keyCount: number, ...args: (string | number)[]): Promise<unknown>;
  hexists(key: string, field: string): Promise<number>;
  hset(key: string, field: string, value: string): Promise<number>;
  expire(key: string, seconds: number): Promise<number>;
  ping(): Promise<string>;
  on(event: "close" | "error" | "+node" | "-node", listener: (cause?: unknown) => void): unknown;
  /** Closes the connection; `reconnect`: and opens another one. */
  disconnect(reconnect?: boolean): void;
  /** Of a cluster: its servers. */
  nodes?(role: "master"): CacheServer[];
}

/** Starts to connect a cache to its Redis. */
export type OpenCacheClient = (config: RedisConfig) => Promise<CacheClient>;

/**
 * Starts to connect; commands fail at once while there is no connection. ioredis is loaded here and nowhere
 * else, so that a process without a cache does not pay for it.
 */
export async function openRedisClient(config: RedisConfig): Promise<RedisClient> {
  const { Cluster, Redis } = await import("ioredis");
  const connection = {
    connectTimeout: CONNECT_MS_MAX,
    disableClientInfo: true,
    // go-zero asks for no check of the certificate either.
    ...(config.Tls ? { tls: { rejectUnauthorized: false } } : {}),
    ...(config.User === "" ? {} : { username: config.User }),
    ...(config.Pass === "" ? {} : { password: config.Pass }),
    enableReadyCheck: false,
    // What the cache uses is in every Redis since 5, which knows no HELLO.
    protocol: 2,
  } as const;
  const behaviour = {
    enableAutoPipelining: true,
    // A question after the health of a connection must not queue behind a pipeline that hangs.
    autoPipeliningIgnoredCommands: ["ping"],
    enableOfflineQueue: false,
  };
  if (config.Type === "cluster") {
    return new Cluster(config.Host.split(",").map(addressOf), {
      ...behaviour,
      clusterRetryStrategy: retryDelay,
      redisOptions: connection,
    });
  }
  return new Redis({
    ...addressOf(config.Host),
    ...connection,
    ...behaviour,
    // A command whose answer was lost is over: whoever sent it has gone to the database.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: retryDelay,
  });
}

/** The servers that hold keys. */
export function mastersOf(client: CacheClient): CacheServer[] {
  return client.nodes?.("master") ?? [client];
}

/** `host:port` or `[host]:port`; go-redis takes 6379 where no port is named. */
function addressOf(text: string): { host: string; port: number } {
  const match = /^\s*(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?\s*$/.exec(text);
  return { host: match?.[1] ?? match?.[2] ?? text.trim(), port: Number(match?.[3] ?? PORT_DEFAULT) };
}

function retryDelay(attempt: number): number {
  return Math.min(20 * 2 ** Math.min(attempt, 10), RECONNECT_MS_MAX);
}
