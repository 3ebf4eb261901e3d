import type { SharedAttempts } from "@mall/kit/resilience";
import { CLEAR_ATTEMPTS, GIVE_ATTEMPT_BACK, TAKE_ATTEMPT } from "./attempt-scripts.ts";
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
    const waitMs = await this.#run(TAKE_ATTEMPT, key, [attemptsMax, windowMs]);
    return typeof waitMs === "number" ? waitMs : undefined;
  }

  async giveBack(key: string): Promise<void> {
    await this.#run(GIVE_ATTEMPT_BACK, key, []);
  }

  async clear(key: string): Promise<void> {
    await this.#run(CLEAR_ATTEMPTS, key, []);
  }

  #run(script: string, key: string, args: readonly number[]): Promise<unknown> {
    const full = `${PREFIX}${this.#count.name}:${key}`;
    return this.#nodeOf(full).ask(script, full, args);
  }
}
