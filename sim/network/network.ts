import type { Faults } from "../faults/index.ts";
import type { Kernel, Random } from "../kernel/index.ts";

/** How long a message is under way, virtual milliseconds. */
const WAY_MS = [0.1, 3] as const;
const LONG_WAY_MS = [20, 20_000] as const;
/** How long two do not reach each other. */
const PARTITION_MS = [100, 15_000] as const;

/** What becomes of one message. */
export interface Passage {
  /** How long it takes; undefined where it never arrives. */
  readonly delayMs: number | undefined;
  /** How long a second copy of it takes; undefined where there is none. */
  readonly copyMs: number | undefined;
}

/** What messages go through: they take their time, get lost, come twice and overtake each other. */
export class Network {
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #random: Random;
  readonly #partitions = new Map<string, number>();
  #copies = 0;

  constructor(kernel: Kernel, faults: Faults) {
    this.#kernel = kernel;
    this.#faults = faults;
    this.#random = kernel.random("network");
  }

  /** How many requests have been sent so far that arrive twice. */
  get copies(): number {
    return this.#copies;
  }

  /** What becomes of a request from one to another. */
  request(from: string, to: string): Passage {
    const link = `${from}>${to}`;
    if (this.#isParted(from, to) || this.#faults.strikes("dropRequest", link) !== undefined) {
      return { delayMs: undefined, copyMs: undefined };
    }
    const isDouble = this.#faults.strikes("duplicate", link) !== undefined;
    if (isDouble) this.#copies += 1;
    return { delayMs: this.#way(link), copyMs: isDouble ? this.#way(link) + this.#way(link) : undefined };
  }

  /** How long an answer takes on its way back; undefined where it never arrives. */
  answer(from: string, to: string): number | undefined {
    const link = `${from}<${to}`;
    const isLost = this.#isParted(from, to) || this.#faults.strikes("dropAnswer", link) !== undefined;
    return isLost ? undefined : this.#way(link);
  }

  /** How soon a caller learns that the connection has broken under its call; undefined where it does not break. */
  break(from: string, to: string): number | undefined {
    const fault = this.#faults.strikes("breakConnection", `${from}>${to}`);
    return fault === undefined ? undefined : fault.random.float() * 20;
  }

  /** How long the word takes that nobody is there any more. */
  notice(): number {
    return this.#random.float() * WAY_MS[1];
  }

  #way(link: string): number {
    const usual = WAY_MS[0] + this.#random.float() ** 3 * (WAY_MS[1] - WAY_MS[0]);
    const fault = this.#faults.strikes("delay", link);
    return fault === undefined ? usual : fault.random.logInt(...LONG_WAY_MS);
  }

  #isParted(from: string, to: string): boolean {
    const pair = from < to ? `${from}|${to}` : `${to}|${from}`;
    const fault = this.#faults.strikes("partition", pair);
    if (fault !== undefined) this.#partitions.set(pair, this.#kernel.now + fault.random.int(...PARTITION_MS));
    return !this.#faults.over && this.#kernel.now < (this.#partitions.get(pair) ?? 0);
  }
}
