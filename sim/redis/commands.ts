import type { Keyspace } from "./keyspace.ts";
import { type Argument, RedisRefusal, type Reply, refuseNumber } from "./reply.ts";

/** One command of Redis, as far as the mall uses it. */
export interface Command {
  /** May take memory, so that a full server refuses it. */
  readonly needsMemory: boolean;
  /** Changes something. */
  readonly writes: boolean;
  run(keyspace: Keyspace, args: readonly string[]): Reply;
}

const READS = { needsMemory: false, writes: false };
const WRITES = { needsMemory: true, writes: true };
const FREES = { needsMemory: false, writes: true };

/** Milliseconds of the units in which a life is told. */
const LIFE_UNITS: Readonly<Record<string, number>> = { PX: 1, EX: 1000 };

const COMMANDS: Readonly<Record<string, Command>> = {
  PING: { ...READS, run: () => "PONG" },
  GET: { ...READS, run: (keyspace, [key = ""]) => keyspace.text(key) ?? null },
  MGET: { ...READS, run: (keyspace, keys) => keys.map((key) => textOrNull(keyspace, key)) },
  EXISTS: {
    ...READS,
    run: (keyspace, keys) => keys.filter((key) => keyspace.get(key) !== undefined).length,
  },
  TYPE: { ...READS, run: (keyspace, [key = ""]) => typeOf(keyspace, key) },
  PTTL: { ...READS, run: (keyspace, [key = ""]) => lifeOf(keyspace, key) },
  SET: { ...WRITES, run: setText },
  INCR: { ...WRITES, run: (keyspace, [key = ""]) => addTo(keyspace, key, 1) },
  DECR: { ...WRITES, run: (keyspace, [key = ""]) => addTo(keyspace, key, -1) },
  DEL: { ...FREES, run: (keyspace, keys) => keys.filter((key) => keyspace.delete(key)).length },
  EXPIRE: {
    ...FREES,
    run: (keyspace, [key = "", seconds]) => expire(keyspace, key, numberOf(seconds) * 1000),
  },
  PEXPIRE: { ...FREES, run: (keyspace, [key = "", ms]) => expire(keyspace, key, numberOf(ms)) },
  HEXISTS: {
    ...READS,
    run: (keyspace, [key = "", field = ""]) => (keyspace.hash(key)?.has(field) ? 1 : 0),
  },
  HGET: { ...READS, run: (keyspace, [key = "", field = ""]) => keyspace.hash(key)?.get(field) ?? null },
  HSET: { ...WRITES, run: setField },
  HDEL: { ...FREES, run: deleteField },
  SCAN: { ...READS, run: scan },
};

/** The command of a name; a name that nobody wrote down here is a mistake of the simulation. */
export function commandOf(name: Argument | undefined): Command {
  const command = COMMANDS[String(name).toUpperCase()];
  if (command === undefined) throw new Error(`the simulated Redis has no ${name}`);
  return command;
}

function textOrNull(keyspace: Keyspace, key: string): string | null {
  const value = keyspace.get(key);
  return typeof value === "string" ? value : null;
}

function typeOf(keyspace: Keyspace, key: string): string {
  const value = keyspace.get(key);
  if (value === undefined) return "none";
  return typeof value === "string" ? "string" : "hash";
}

function lifeOf(keyspace: Keyspace, key: string): number {
  const life = keyspace.lifeOf(key);
  if (life === undefined) return -2;
  return life === Number.POSITIVE_INFINITY ? -1 : life;
}

function setText(keyspace: Keyspace, [key = "", value = "", unit, amount]: readonly string[]): Reply {
  if (unit === undefined) {
    keyspace.set(key, value);
    return "OK";
  }
  const factor = LIFE_UNITS[unit.toUpperCase()];
  if (factor === undefined) throw new RedisRefusal("ERR syntax error");
  const life = numberOf(amount) * factor;
  if (life <= 0) throw new RedisRefusal("ERR invalid expire time in 'set' command");
  keyspace.set(key, value, life);
  return "OK";
}

function addTo(keyspace: Keyspace, key: string, difference: number): number {
  const sum = numberOf(keyspace.text(key) ?? "0") + difference;
  keyspace.change(key, String(sum));
  return sum;
}

function expire(keyspace: Keyspace, key: string, lifeMs: number): number {
  return keyspace.expire(key, lifeMs) ? 1 : 0;
}

function setField(keyspace: Keyspace, [key = "", field = "", value = ""]: readonly string[]): number {
  const known = keyspace.hash(key);
  keyspace.change(key, new Map(known).set(field, value));
  return known?.has(field) ? 0 : 1;
}

/** A hash without fields is gone. */
function deleteField(keyspace: Keyspace, [key = "", field = ""]: readonly string[]): number {
  const rest = new Map(keyspace.hash(key));
  if (!rest.delete(field)) return 0;
  if (rest.size === 0) keyspace.delete(key);
  else keyspace.change(key, rest);
  return 1;
}

/** All at once: what Redis promises of a scan is the same in one part as in many. */
function scan(keyspace: Keyspace, [cursor, match, pattern = ""]: readonly string[]): Reply {
  const prefix = pattern.slice(0, -1);
  if (cursor !== "0" || match !== "MATCH" || !pattern.endsWith("*") || /[*?[\\]/.test(prefix)) {
    throw new Error(`the simulated Redis does not scan for ${pattern} from ${cursor}`);
  }
  return ["0", keyspace.keys.filter((key) => key.startsWith(prefix))];
}

function numberOf(text: string | undefined): number {
  if (text === undefined || !/^-?(0|[1-9]\d{0,15})$/.test(text)) throw refuseNumber();
  return Number(text);
}
