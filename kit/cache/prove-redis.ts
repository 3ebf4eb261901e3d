import { pause } from "@mall/kit/async";
import type { RedisConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/runtime";
import { openRedisClient, type RedisClient } from "./redis-client.ts";
import { redisRefusal } from "./redis-refusal.ts";
import { settleWithin } from "./settle-within.ts";

const CONNECT_MS_MAX = 2_000;
const POLL_MS = 50;

const KEY = "cache-proof:{mall}";

/** What the cache's scripts call, each by itself, so that a refusal names it. Arguments behind the key. */
const IN_SCRIPTS: readonly (readonly [command: string, ...args: string[]])[] = [
  ["SET", "1", "PX", "10000"],
  ["GET"],
  ["EXISTS"],
  ["TYPE"],
  ["INCR"],
  ["DECR"],
  ["PEXPIRE", "10000"],
  ["PTTL"],
  ["DEL"],
  ["HSET", "a", "1"],
  ["HDEL", "a"],
];

/**
 * Runs every command that a cache needs on a key of its own. Resolves with why the server cannot be used, and what to
 * do; undefined where it can.
 */
export async function proveRedis(config: RedisConfig, runtime: Runtime): Promise<string | undefined> {
  const client = await openRedisClient(config);
  let refusal: string | undefined;
  client.on("error", (error: unknown) => {
    refusal ??= redisRefusal(error);
  });
  try {
    await untilReady(client, runtime);
    for (const command of commandsOn(client)) await settleWithin(runtime, CONNECT_MS_MAX, command());
    return undefined;
  } catch (error) {
    return redisRefusal(error) ?? refusal ?? "it does not answer: start it, or correct Host and Tls";
  } finally {
    client.disconnect();
  }
}

function commandsOn(client: RedisClient): (() => Promise<unknown>)[] {
  return [
    () => client.ping(),
    () => client.info("server"),
    () => client.scan("0", "MATCH", `${KEY}*`, "COUNT", 1),
    () => client.mget(KEY),
    () => client.del(KEY),
    () => client.hset(KEY, "a", "1"),
    () => client.hexists(KEY, "a"),
    () => client.expire(KEY, 10),
    () => client.del(KEY),
    () => client.eval("return 1", 1, KEY),
    // Scripts are refused what their user may not run, in words that do not always name it.
    ...IN_SCRIPTS.map(
      ([command, ...args]) =>
        () =>
          client.call(command, KEY, ...args),
    ),
    () => client.del(KEY),
  ];
}

/** Resolves once a client has its connection; rejects where that takes too long. */
export async function untilReady(client: RedisClient, runtime: Runtime): Promise<void> {
  const deadline = runtime.elapsed() + CONNECT_MS_MAX;
  while (client.status !== "ready") {
    if (runtime.elapsed() > deadline) throw new Error("no connection");
    await pause(runtime, POLL_MS);
  }
}
