import { setImmediate as nextTurn } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { CacheClient } from "./redis-client.ts";

/** Turns of the event loop after which whoever has something to do has asked for its turn. */
const QUIET_TURNS = 4;

/** A number from 0 to below 1; the same ones for the same seed. */
export type Draw = () => number;

/** @see https://en.wikipedia.org/wiki/Linear_congruential_generator, with the constants of Numerical Recipes. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Decides whose turn it is: everybody waits at every step, and chance lets one of them through at a time. */
export class Steering {
  /** What was let through, in order. */
  readonly steps: string[] = [];
  readonly #waiting: { readonly what: string; readonly go: () => void }[] = [];
  readonly #draw: Draw;
  #underWay = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** Resolves when it is the caller's turn. */
  turn(what: string): Promise<void> {
    return new Promise((go) => this.#waiting.push({ what, go }));
  }

  /** Does what needs Redis itself, during which nobody has a turn. */
  async real<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Lets one after the other through until nobody waits any more. */
  async run(): Promise<void> {
    for (await this.#quiet(); this.#waiting.length > 0; await this.#quiet()) {
      const [next] = this.#waiting.splice(Math.floor(this.#draw() * this.#waiting.length), 1);
      if (next === undefined) return;
      this.steps.push(next.what);
      next.go();
    }
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await nextTurn();
      if (this.#underWay > 0) turns = 0;
    }
  }
}

/** A process's connection to Redis whose commands arrive, and are answered, when it is their turn. */
export function steeredClient(redis: Redis, steering: () => Steering | undefined): CacheClient {
  const steered = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    const own = steering();
    if (own === undefined) return run();
    await own.turn(`${what} arrives`);
    const answer = await own.real(run);
    await own.turn(`${what} is answered`);
    return answer;
  };
  return {
    get status() {
      return redis.status;
    },
    mget: (...keys) => steered("mget", () => redis.mget(...keys)),
    eval: (script, count, ...args) =>
      steered(script.trim().replaceAll(/\s+/g, " ").slice(0, 60), () => redis.eval(script, count, ...args)),
    del: (...keys) => steered("del", () => redis.del(...keys)),
    hexists: (key, field) => redis.hexists(key, field),
    hset: (key, field, value) => redis.hset(key, field, value),
    expire: (key, seconds) => redis.expire(key, seconds),
    ping: () => redis.ping(),
    info: (section) => redis.info(section),
    scan: (...args) => redis.scan(...args),
    on: () => undefined,
    disconnect: () => {},
  };
}
