import type { CacheConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import type { SharedAttempts } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { Flights } from "./flights.ts";
import { NodeRing } from "./node-ring.ts";
import { type AttemptCount, RedisAttempts } from "./redis-attempts.ts";
import type { OpenCacheClient } from "./redis-client.ts";
import { RedisNode } from "./redis-node.ts";

/** go-zero's entry for a row that is known to be missing. */
export const PLACEHOLDER = "*";

const ENTRY_SECONDS = 7 * 24 * 3600;
const PLACEHOLDER_SECONDS = 60;
/** Spreads the ends of entries that were made together. */
const JITTER = 0.05;

/** What was read from the database. */
export interface Loaded<Value> {
  /** undefined where there is no such row. */
  readonly value: Value | undefined;
  /** The text to put into the cache for it (PLACEHOLDER for a missing row); undefined for none. */
  readonly entry: string | undefined;
}

/** Where a value comes from, and how its entry is read. */
export interface CacheSource<Value> {
  /** The name of what is cached, for observers. */
  readonly table: string;
  /** The value of an entry; undefined if it cannot be read, which deletes it. */
  decode(text: string): Value | undefined;
  load(): Promise<Loaded<Value>>;
  /** Whether every process that inserts such a row removes PLACEHOLDER, so that it can be believed. */
  readonly trustsPlaceholder: boolean;
  /** Added to the life of an entry. */
  readonly extraSeconds: number;
}

/** A write that has begun: the entries of its rows stay away until it ends. */
export interface CacheWrite {
  /** Settles once Redis has the mark, or does not answer. Nothing may be committed before. Never rejects. */
  readonly begun: Promise<void>;
  /** `known`: whether the write is surely done or surely refused, as opposed to lost on its way. Never rejects. */
  end(known: boolean): Promise<void>;
}

/**
 * Rows in Redis, shared with go-zero's processes: their keys, their texts, their deletes. What differs is
 * never wrong to them. A Redis that is away makes reads slower and nothing else.
 *
 * What is promised: an answer is never older than its question, that is, it has every write whose caller was told of
 * it before, in whatever process, as long as the writer reached Redis. One that did not reach it deletes the entries
 * as soon as it does, and until then a process that does reach Redis may still answer as of before; its own process
 * asks the database meanwhile. So rows from here answer people's questions, and nothing is ever decided by one.
 */
export interface Cache {
  /** Says that entries whose keys start with `prefix` will be read. */
  claim(prefix: string): void;
  /**
   * Says that rows whose entries start with `prefix` will change without a word here: who reads entries meanwhile is
   * misled, and who begins to after this process has ended removes all of them first.
   */
  disown(prefix: string): void;
  /** The value of a key, from Redis or loaded; never older than the call. Rejects only as `load` does. */
  take<Value>(key: string, source: CacheSource<Value>): Promise<Value | undefined>;
  /** Begins a change of the rows behind these keys. */
  begin(keys: readonly string[]): CacheWrite;
  /** Removes entries whose rows have changed, now or as soon as Redis is there. Never rejects. */
  delete(keys: readonly string[]): Promise<void>;
  /** Removes an entry that does not lead to its row. Never rejects. */
  drop(key: string): Promise<void>;
  /** Counts attempts of all processes on this cache together. */
  attempts(count: AttemptCount): SharedAttempts;
  close(): Promise<void>;
}

export interface CacheOptions {
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** How each of its nodes is connected; by ioredis where it is left out. */
  readonly openClient?: OpenCacheClient;
}

/**
 * Opens go-zero's `CacheRedis`. Resolves before any of its nodes is connected.
 *
 * @throws Error where no node has a weight.
 */
export async function createCache(config: CacheConfig, options: CacheOptions): Promise<Cache> {
  const members = await Promise.all(
    config.map(async (node) => ({
      host: node.Host,
      weight: node.Weight,
      node: await RedisNode.open({ config: node, ...options }),
    })),
  );
  return new RedisCache(new NodeRing(members), options);
}

class RedisCache implements Cache {
  readonly #ring: NodeRing<RedisNode>;
  readonly #runtime: Runtime;
  readonly #observer: Observer;
  readonly #flights = new Flights();

  constructor(ring: NodeRing<RedisNode>, { runtime, observer }: CacheOptions) {
    this.#ring = ring;
    this.#runtime = runtime;
    this.#observer = observer;
  }

  claim(prefix: string): void {
    for (const node of this.#ring.nodes) node.claim(prefix);
  }

  disown(prefix: string): void {
    for (const node of this.#ring.nodes) node.disown(prefix);
  }

  async take<Value>(key: string, source: CacheSource<Value>): Promise<Value | undefined> {
    const node = this.#ring.nodeOf(key);
    const arrivedAt = this.#flights.arrive();
    const text = node.trusted && isGuarded(key) ? await node.get(key).catch(() => undefined) : undefined;
    if (text === undefined) {
      this.#observer.cache?.(source.table, "unavailable");
      return (await source.load()).value;
    }
    if (text === PLACEHOLDER && source.trustsPlaceholder) {
      this.#observer.cache?.(source.table, "hit");
      return undefined;
    }
    const known = text === null || text === "" || text === PLACEHOLDER ? undefined : source.decode(text);
    this.#observer.cache?.(source.table, known === undefined ? "miss" : "hit");
    if (known !== undefined) return known;
    if (text !== null && text !== "") await node.drop(key);
    const fly = (reading: () => void) => this.#load({ node, key, source, reading });
    return (await this.#flights.join(key, arrivedAt, fly)).value;
  }

  begin(keys: readonly string[]): CacheWrite {
    const marking = Promise.all(
      keys.map(async (key) => (isGuarded(key) ? this.#ring.nodeOf(key).mark(key) : undefined)),
    );
    return {
      begun: marking.then(() => {}),
      end: async (known) => {
        const marks = await marking;
        await this.delete(keys);
        // A write that was lost on its way may still happen: its marks stay until it surely has.
        if (!known) return;
        for (const mark of marks) {
          if (mark !== undefined) void this.#ring.nodeOf(mark.key).unmark(mark);
        }
      },
    };
  }

  async delete(keys: readonly string[]): Promise<void> {
    const byNode = new Map<RedisNode, string[]>();
    for (const key of keys) {
      const node = this.#ring.nodeOf(key);
      const own = byNode.get(node);
      if (own === undefined) byNode.set(node, [key]);
      else own.push(key);
    }
    await Promise.all([...byNode].map(([node, own]) => node.delete(own)));
  }

  drop(key: string): Promise<void> {
    return this.#ring.nodeOf(key).drop(key);
  }

  attempts(count: AttemptCount): SharedAttempts {
    return new RedisAttempts(count, (key) => this.#ring.nodeOf(key));
  }

  async close(): Promise<void> {
    await Promise.all(this.#ring.nodes.map((node) => node.close()));
  }

  /** Loads, and fills the entry if this reader may; nobody waits for that. */
  async #load<Value>({ node, key, source, reading }: Load<Value>): Promise<Loaded<Value>> {
    const lease = await node.takeLease(key);
    reading();
    const loaded = await source.load();
    if (lease === undefined) return loaded;
    const { entry } = loaded;
    if (entry === undefined) void node.giveLeaseBack(lease);
    else void node.fill(lease, { text: entry, seconds: this.#secondsOf(entry, source.extraSeconds) });
    return loaded;
  }

  #secondsOf(entry: string, extraSeconds: number): number {
    const base = entry === PLACEHOLDER ? PLACEHOLDER_SECONDS : ENTRY_SECONDS;
    const chance = Buffer.from(this.#runtime.randomBytes(4)).readUInt32BE() / 2 ** 32;
    return Math.floor((1 + JITTER - 2 * JITTER * chance) * base) + extraSeconds;
  }
}

interface Load<Value> {
  readonly node: RedisNode;
  readonly key: string;
  readonly source: CacheSource<Value>;
  readonly reading: () => void;
}

/**
 * A brace in a key decides its slot in a cluster, and the keys that guard it would be on another one: such an
 * entry is deleted as any other, and never read.
 */
function isGuarded(key: string): boolean {
  return !/[{}]/.test(key);
}
