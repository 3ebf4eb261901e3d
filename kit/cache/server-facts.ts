import type { RedisConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { untilReady } from "./prove-redis.ts";
import { type CacheServer, mastersOf, openRedisClient } from "./redis-client.ts";
import { settleWithin } from "./settle-within.ts";

const ANSWER_MS_MAX = 2_000;
/** Some 100,000 keys are looked at. */
const SCANS_MAX = 100;
const SCAN_COUNT = 1000;

/** What a Redis server tells about itself. */
export interface RedisFacts {
  /** How much it may hold, bytes; 0 for as much as the machine has. */
  readonly bytesMax: number;
  /** What it does when that is reached, e.g. `noeviction`, `allkeys-lru`. */
  readonly evictionPolicy: string;
  /** The databases that hold keys; clients of mall use 0. */
  readonly databases: readonly number[];
}

/** Asks the server, or each master of a cluster, by INFO. Rejects where it does not answer, or does not tell this user. */
export async function readRedisFacts(config: RedisConfig, runtime: Runtime): Promise<RedisFacts[]> {
  const client = await openRedisClient(config);
  client.on("error", () => {});
  try {
    await untilReady(client, runtime);
    const masters = "nodes" in client ? client.nodes("master") : [client];
    return await settleWithin(runtime, ANSWER_MS_MAX, Promise.all(masters.map(factsOf)));
  } finally {
    client.disconnect();
  }
}

/**
 * A key that begins like one of these, if the server, or a master of the cluster, has one among the first keys that it
 * tells: of many others one may be missed. Rejects as `readRedisFacts` does.
 */
export async function findKey(
  config: RedisConfig,
  prefixes: readonly string[],
  runtime: Runtime,
): Promise<string | undefined> {
  const client = await openRedisClient(config);
  client.on("error", () => {});
  try {
    await untilReady(client, runtime);
    for (const master of mastersOf(client)) {
      const found = await findOnServer(master, prefixes, runtime);
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    client.disconnect();
  }
}

async function findOnServer(
  server: CacheServer,
  prefixes: readonly string[],
  runtime: Runtime,
): Promise<string | undefined> {
  let cursor = "0";
  for (let looks = 0; looks < SCANS_MAX; looks += 1) {
    const part = server.scan(cursor, "MATCH", "cache:*", "COUNT", SCAN_COUNT);
    const [next, keys] = await settleWithin(runtime, ANSWER_MS_MAX, part);
    const found = keys.find((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    if (found !== undefined || next === "0") return found;
    cursor = next;
  }
  return undefined;
}

async function factsOf(server: { info(section: string): Promise<string> }): Promise<RedisFacts> {
  const [memory, keyspace] = await Promise.all([server.info("memory"), server.info("keyspace")]);
  return {
    bytesMax: Number(valueIn(memory, "maxmemory") ?? 0),
    evictionPolicy: valueIn(memory, "maxmemory_policy") ?? "",
    databases: [...keyspace.matchAll(/^db(\d+):/gm)].map(([, number]) => Number(number)),
  };
}

function valueIn(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1];
}
