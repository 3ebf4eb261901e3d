import type { JobHandler, JsonObject, KindOptions } from "./job-queue.ts";
import { JobSlots } from "./job-slots.ts";

/** A handler whatever its payload: which one it is for, the kind tells. */
export type AnyHandler = JobHandler<JsonObject>;

/** Attempts that may wait for a place in memory, per place; beyond that new jobs wait in the table. */
const HELD_PER_PLACE_MAX = 16;

/** Due jobs that are taken out of the table at most, per place: some to run, some to go on with. */
const TAKEN_PER_PLACE_MAX = 2;

/**
 * The jobs of one kind in this process: who does them, and how many are in hand. Each kind has places of its own,
 * so that one that waits for somebody who does not answer holds no other up.
 */
export class JobKind {
  readonly name: string;
  readonly handler: AnyHandler;
  readonly slots: JobSlots;
  readonly isLong: boolean;
  readonly #places: number;
  #promised = 0;
  #taken = 0;
  #leftSome = false;

  constructor(
    name: string,
    handler: AnyHandler,
    { places, isLong = false }: KindOptions & { places: number },
  ) {
    this.name = name;
    this.handler = handler;
    this.slots = new JobSlots(places);
    this.isLong = isLong;
    this.#places = places;
  }

  /** Whether one more job may be tried right after its commit. */
  get hasRoom(): boolean {
    return this.slots.held + this.#promised < this.#places * HELD_PER_PLACE_MAX;
  }

  /** How many due jobs may be taken now; where it is none, `release` tells when to ask again. */
  askRoom(): number {
    const room = Math.max(0, this.#places * TAKEN_PER_PLACE_MAX - this.#taken);
    this.#leftSome = room === 0;
    return room;
  }

  /** An attempt after a commit that is yet to come counts from now on, until it is kept or broken. */
  promise(): void {
    this.#promised += 1;
  }

  endPromise(): void {
    this.#promised -= 1;
  }

  /** A due job is in hand. */
  take(): void {
    this.#taken += 1;
  }

  /** It is not any more; true where others were left in the table and half of those in hand are gone. */
  release(): boolean {
    this.#taken -= 1;
    const looksAgain = this.#leftSome && this.#taken <= this.#places;
    if (looksAgain) this.#leftSome = false;
    return looksAgain;
  }
}
