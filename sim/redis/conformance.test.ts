import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { attemptScripts, cacheScripts, openRedisClient, type RedisClient } from "@mall/kit/cache";
import { redisKeyConfig } from "@mall/kit/config";
import { startRedis, type TestRedis, whyNoRedis } from "@mall/kit/testing";
import { Random } from "../kernel/index.ts";
import { Engine } from "./engine.ts";
import type { Argument, Reply } from "./reply.ts";

const ROUNDS = 40;
const COMMANDS_A_ROUND = 150;
/** What a life may differ by while the real clock goes on and the simulated one stands. */
const LIFE_MS_MAX = 60_000;

const ENTRIES = ["cache:a:id:1", "cache:a:id:2", "cache:b:id:1"];
const KEYS = ENTRIES.flatMap((key) => [key, cacheScripts.leaseKey(key), cacheScripts.marksKey(key)]);
/** Every script of the mall: one without a twin fails here. */
const SCRIPTS = Object.values({ ...cacheScripts, ...attemptScripts }).filter(
  (each) => typeof each === "string",
);
const TEXTS = ["", "*", "1", "7", "-3", "token", '{"id":1}', " 2", "0x10"];

describe("the simulated Redis", { skip: whyNoRedis() ?? false }, () => {
  let server: TestRedis;
  let client: RedisClient;
  before(async () => {
    server = await startRedis();
    client = await openRedisClient(redisKeyConfig.parse({ Host: server.host, Key: "none" }));
    await once(client, "ready");
  });
  after(async () => {
    client.disconnect();
    await server.stop();
  });

  it("answers and keeps what a real one does, whatever it is asked, full or not", async () => {
    const seed = Number(process.env.MALL_TEST_SEED ?? randomInt(2 ** 31));
    const random = new Random(seed);
    for (let round = 0; round < ROUNDS; round += 1)
      await playRound(client, random, `seed ${seed} round ${round}`);
  });
});

async function playRound(client: RedisClient, random: Random, name: string): Promise<void> {
  await client.call("FLUSHALL");
  await setFull(client, false);
  const engine = new Engine(() => 0, "run");
  const done: string[] = [];
  for (let index = 0; index < COMMANDS_A_ROUND; index += 1) {
    if (random.chance(0.05)) {
      engine.isFull = !engine.isFull;
      await setFull(client, engine.isFull);
    }
    const command = drawCommand(random);
    done.push(JSON.stringify(command));
    const [real, simulated] = [await answerOf(client, command), answerOfEngine(engine, command)];
    assert.deepEqual(rounded(simulated), rounded(real), `${name}: ${done.slice(-5).join("\n")}`);
  }
  for (const key of KEYS) {
    const look = [
      ["TYPE", key],
      ["MGET", key],
      ["HEXISTS", key, "field"],
      ["PTTL", key],
    ];
    for (const command of look) {
      const [real, simulated] = [await answerOf(client, command), answerOfEngine(engine, command)];
      assert.deepEqual(
        rounded(simulated),
        rounded(real),
        `${name}: ${command.join(" ")}\n${done.join("\n")}`,
      );
    }
  }
}

async function setFull(client: RedisClient, isFull: boolean): Promise<void> {
  await client.call("CONFIG", "SET", "maxmemory", isFull ? "1" : "0");
}

function drawCommand(random: Random): Argument[] {
  const key = random.pick(KEYS);
  const text = random.pick(TEXTS);
  const life = random.pick([1_000_000, 2_000_000, 0, -1]);
  const draws: readonly (() => Argument[])[] = [
    () => ["GET", key],
    () => ["MGET", ...some(random, KEYS)],
    () => ["SET", key, text],
    () => ["SET", key, text, random.pick(["PX", "EX"]), life],
    () => ["DEL", ...some(random, KEYS)],
    () => ["EXISTS", ...some(random, KEYS)],
    () => ["INCR", key],
    () => ["DECR", key],
    () => [random.pick(["EXPIRE", "PEXPIRE"]), key, life],
    () => ["HSET", key, random.pick(["field", "other"]), text],
    () => ["HGET", key, "field"],
    () => ["HEXISTS", key, "field"],
    () => ["HDEL", key, random.pick(["field", "token"])],
    () => ["SCAN", "0", "MATCH", `${random.pick(["cache:a:", "cache-lease:", "cache:"])}*`, "COUNT", 1000],
    () => ["TYPE", key],
    () => ["PTTL", key],
    () => ["PING"],
  ];
  return random.chance(0.5) ? drawScript(random) : random.pick(draws)();
}

/** A script of the mall on the keys that it is meant for. */
function drawScript(random: Random): Argument[] {
  const script = random.pick(SCRIPTS);
  const entries = some(random, ENTRIES);
  const each = (keysOf: (key: string) => string[], args: Argument[]): Argument[] => {
    const keys = entries.flatMap(keysOf);
    return ["EVAL", script, keys.length, ...keys, ...args];
  };
  const token = (): string => random.pick(["token", "other"]);
  const { leaseKey, marksKey } = cacheScripts;
  switch (script) {
    case cacheScripts.TAKE_LEASES:
      return each((key) => [key, leaseKey(key), marksKey(key)], [token(), 1_000_000]);
    case cacheScripts.FILL:
      return each(
        (key) => [key, leaseKey(key)],
        entries.flatMap(() => [token(), random.pick(TEXTS), 1_000]),
      );
    case cacheScripts.GIVE_LEASES_BACK:
      return each((key) => [key, leaseKey(key)], entries.map(token));
    case cacheScripts.MARK_WRITES:
      return each((key) => [key, marksKey(key)], [1_000_000, ...entries.map(token)]);
    case cacheScripts.UNMARK_WRITES:
      return each((key) => [marksKey(key)], entries.map(token));
    default:
      return ["EVAL", script, 1, marksKey(random.pick(ENTRIES)), random.int(1, 3), 1_000_000];
  }
}

function some<T>(random: Random, items: readonly T[]): T[] {
  return Array.from({ length: random.int(1, 3) }, () => random.pick(items));
}

async function answerOf(client: RedisClient, [name = "", ...args]: readonly Argument[]): Promise<unknown> {
  try {
    return await client.call(String(name), ...args);
  } catch (error) {
    return refusalOf(error);
  }
}

function answerOfEngine(engine: Engine, command: readonly Argument[]): Reply {
  try {
    return engine.execute(command);
  } catch (error) {
    return refusalOf(error);
  }
}

/** By its first word. */
function refusalOf(error: unknown): string {
  return `refused: ${error instanceof Error ? error.message.split(" ")[0] : error}`;
}

/** Lives that are close together are the same, and a scan has no order. */
function rounded(reply: unknown): unknown {
  if (typeof reply === "number" && reply > LIFE_MS_MAX) return Math.round(reply / LIFE_MS_MAX / 4);
  if (Array.isArray(reply) && Array.isArray(reply[1])) return [reply[0], reply[1].toSorted()];
  return reply;
}
