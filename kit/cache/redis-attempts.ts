import type { SharedAttempts } from "@mall/kit/resilience";
import type { RedisNode } from "./redis-node.ts";

/** Which attempts are counted. */
export interface AttemptCount {
  /** Tells it from other counts on the same Redis, e.g. `login`. */
  readonly name: string;
  /** Attempts without success that a key may make within the window. */
  readonly attemptsMax: number;
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
}

/** No key of go-zero's or of a model's starts with it. */
const PREFIX = "mall:attempts:";

/**
 * Key: the count. Arguments: attempts, milliseconds. 0 if one was left, which is taken, else the milliseconds until
 * the count ends.
 */
const TAKE = `
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
  return 0
end
if tonumber(redis.call('GET', KEYS[1])) >= tonumber(ARGV[1]) then return left end
redis.call('INCR', KEYS[1])
return 0`;

const GIVE_BACK = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1`;

const CLEAR = "return redis.call('DEL', KEYS[1])";

/** Attempts that all processes on one cache count together, in fixed windows that begin with a key's first one. */
export class RedisAttempts implements SharedAttempts {
  readonly #count: AttemptCount;
  readonly #nodeOf: (key: string) => RedisNode;

  constructor(count: AttemptCount, nodeOf: (key: string) => RedisNode) {
    this.#count = count;
    this.#nodeOf = nodeOf;
  }

  async take(key: string): Promise<number | undefined> {
    const { attemptsMax, windowMs } = this.#count;
    const waitMs = await this.#run(TAKE, key, [attemptsMax, windowMs]);
    return typeof waitMs === "number" ? waitMs : undefined;
  }

  async giveBack(key: string): Promise<void> {
    await this.#run(GIVE_BACK, key, []);
  }

  async clear(key: string): Promise<void> {
    await this.#run(CLEAR, key, []);
  }

  #run(script: string, key: string, args: readonly number[]): Promise<unknown> {
    const full = `${PREFIX}${this.#count.name}:${key}`;
    return this.#nodeOf(full).ask(script, full, args);
  }
}
