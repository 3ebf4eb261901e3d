import type { Faults } from "../faults/index.ts";
import type { Kernel, Random } from "../kernel/index.ts";

/** How far a Redis is away, one way, virtual milliseconds: a machine, a region, or slow in one direction only. */
const NEAR_MS = [0.05, 0.5] as const;
const FAR_MS = [8, 45] as const;
const ONE_SIDED_MS = [20, 90] as const;
/** How much a way differs from itself, as a part of it. */
const JITTER = 0.5;
const LONG_WAY_MS = [1, 1_500] as const;
const STALL_MS = [150, 9_000] as const;

type Direction = "there" | "back";

/** How far away the Redis servers of a run are. */
export type RedisDistance = "near" | "far" | "slow there" | "slow back";

/** The way between one process and one Redis server, whatever connections there are on it. */
export class RedisLink {
  /** Names it in faults: `order>redis-1`. */
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #usualMs: Readonly<Record<Direction, number>>;
  readonly #stalledUntil = { there: 0, back: 0 };

  constructor(
    { kernel, faults }: { readonly kernel: Kernel; readonly faults: Faults },
    name: string,
    distance: RedisDistance,
  ) {
    this.name = name;
    this.#kernel = kernel;
    this.#faults = faults;
    this.#random = kernel.random(`redis ${name}`);
    const between = ([low, high]: readonly [number, number]): number =>
      low + this.#random.float() * (high - low);
    const there = distance === "slow there" ? ONE_SIDED_MS : distance === "far" ? FAR_MS : NEAR_MS;
    const back = distance === "slow back" ? ONE_SIDED_MS : distance === "far" ? FAR_MS : NEAR_MS;
    this.#usualMs = { there: between(there), back: between(back) };
  }

  /** How long something takes that is sent now, virtual milliseconds. */
  way(direction: Direction): number {
    const usual = this.#usualMs[direction] * (1 + JITTER * (this.#random.float() - 0.5));
    const delay = this.#faults.strikes("redisDelay", `${this.name} ${direction}`);
    const ms = usual + (delay?.random.logInt(...LONG_WAY_MS) ?? 0);
    const stall = this.#faults.strikes("redisStall", `${this.name} ${direction}`);
    if (stall !== undefined) {
      this.#stalledUntil[direction] = this.#kernel.now + stall.random.logInt(...STALL_MS);
    }
    const stalledMs = this.#faults.over ? 0 : this.#stalledUntil[direction] - this.#kernel.now;
    return Math.max(ms, stalledMs);
  }
}
