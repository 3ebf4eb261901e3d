import { refuseType } from "./reply.ts";

type Value = string | ReadonlyMap<string, string>;

interface Entry {
  readonly value: Value;
  /** The last moment of its life, milliseconds of the server's clock; Infinity for ever. */
  readonly endsAt: number;
}

/** What a Redis server holds: texts and hashes, each with its end. */
export class Keyspace {
  readonly #clock: () => number;
  #entries: Map<string, Entry>;

  /** `clock`: milliseconds. */
  constructor(clock: () => number, entries: ReadonlyMap<string, Entry> = new Map()) {
    this.#clock = clock;
    this.#entries = new Map(entries);
  }

  get(key: string): Value | undefined {
    return this.#entryOf(key)?.value;
  }

  /** The text of a key; undefined where there is none. */
  text(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === "string") return value;
    throw refuseType();
  }

  /** The hash of a key; undefined where there is none. */
  hash(key: string): ReadonlyMap<string, string> | undefined {
    const value = this.get(key);
    if (typeof value === "string") throw refuseType();
    return value;
  }

  /** Gives a key a value for `lifeMs`. */
  set(key: string, value: Value, lifeMs = Number.POSITIVE_INFINITY): void {
    this.#entries.set(key, { value, endsAt: this.#clock() + lifeMs });
  }

  /** Gives a key another value and lets it its end. */
  change(key: string, value: Value): void {
    const endsAt = this.#entryOf(key)?.endsAt ?? Number.POSITIVE_INFINITY;
    this.#entries.set(key, { value, endsAt });
  }

  /** Gives a key another end; false where there is no such key. A life of 0 or less is over. */
  expire(key: string, lifeMs: number): boolean {
    const entry = this.#entryOf(key);
    if (entry === undefined) return false;
    if (lifeMs <= 0) this.#entries.delete(key);
    else this.#entries.set(key, { value: entry.value, endsAt: this.#clock() + lifeMs });
    return true;
  }

  /** What is left of a key's life, milliseconds; Infinity where it has no end, undefined where there is no such key. */
  lifeOf(key: string): number | undefined {
    const entry = this.#entryOf(key);
    return entry && entry.endsAt - this.#clock();
  }

  delete(key: string): boolean {
    return this.#entryOf(key) !== undefined && this.#entries.delete(key);
  }

  /** All keys, in the order in which they came. */
  get keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.#entryOf(key) !== undefined);
  }

  /** What is in it now, for a server that begins with this. */
  copy(): ReadonlyMap<string, Entry> {
    return new Map(this.#entries);
  }

  /** Holds from now on what a copy of it held, and nothing else. */
  restore(entries: ReadonlyMap<string, Entry>): void {
    this.#entries = new Map(entries);
  }

  #entryOf(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#clock() <= entry.endsAt) return entry;
    this.#entries.delete(key);
    return undefined;
  }
}
