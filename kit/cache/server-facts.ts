import type { RedisConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import { untilReady } from "./prove-redis.ts";
import { openRedisClient } from "./redis-client.ts";
import { settleWithin } from "./settle-within.ts";

const ANSWER_MS_MAX = 2_000;

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
