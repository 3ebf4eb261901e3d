import { createBatcher } from "@mall/kit/async";
import type { Runtime } from "@mall/kit/runtime";
import type { CacheClient } from "./redis-client.ts";
import {
  FILL,
  GIVE_LEASES_BACK,
  leaseKey,
  MARK_WRITES,
  marksKey,
  TAKE_LEASES,
  UNMARK_WRITES,
} from "./scripts.ts";

/** Longer than any read of a row takes; a reader that is slower just does not fill the entry. */
const LEASE_MS = 5000;
/** How long a writer may take before it counts as dead; a slower one still deletes the entry at its end. */
const WRITE_MS = 10_000;
const TOKEN_BYTES = 9;
/** Commands of one kind that may be out at the same time; what is asked for meanwhile gathers for the next. */
const BATCHES_IN_FLIGHT_MAX = 2;

/** A reader's right to fill an entry. */
export interface Lease {
  readonly key: string;
  readonly token: string;
}

/** A write that is in hand, as its entry's marks have it. */
export interface Mark {
  readonly key: string;
  readonly token: string;
}

/** What a reader found for an entry. */
interface Filling {
  readonly lease: Lease;
  readonly text: string;
  readonly seconds: number;
}

export interface RedisBatchesOptions {
  readonly runtime: Runtime;
  /** Whether one command may have many keys; those of a cluster are on many servers. */
  readonly severalKeys: boolean;
  /** Sends a command; rejects where Redis is away. */
  readonly run: <T>(work: (client: CacheClient) => Promise<T>) => Promise<T>;
}

/**
 * The cache's commands. What one tick asks for travels as one command of each kind: a command costs this process
 * and Redis many times what one more key of it costs. All reject where Redis is away.
 */
export class RedisBatches {
  /** An entry's text; null for none, and for what is no text. */
  readonly get: (key: string) => Promise<string | null>;
  /** A lease on an entry that is not there; undefined where another has it or a write is in hand. */
  readonly takeLease: (key: string) => Promise<Lease | undefined>;
  /** Fills an entry if the lease still holds. */
  readonly fill: (filling: Filling) => Promise<void>;
  /** Ends a lease without an entry. */
  readonly giveLeaseBack: (lease: Lease) => Promise<void>;
  /** Removes an entry and keeps it away while a write is in hand; undefined where Redis is full. */
  readonly mark: (key: string) => Promise<Mark | undefined>;
  /** Takes back this mark and no other. */
  readonly unmark: (mark: Mark) => Promise<void>;
  readonly delete: (keys: readonly string[]) => Promise<void>;
  readonly #options: RedisBatchesOptions;
  readonly #tokenPrefix: string;
  #tokens = 0;

  constructor(options: RedisBatchesOptions) {
    this.#options = options;
    this.#tokenPrefix = Buffer.from(options.runtime.randomBytes(TOKEN_BYTES)).toString("base64url");
    this.get = this.#together((keys) => options.run((client) => client.mget(...keys)));
    this.takeLease = this.#together((keys) => this.#takeLeases(keys));
    this.fill = this.#together((fillings) => this.#fillAll(fillings));
    this.giveLeaseBack = this.#together(async (leases) => {
      const keys = leases.flatMap(({ key }) => [key, leaseKey(key)]);
      const tokens = leases.map(({ token }) => token);
      await this.script(GIVE_LEASES_BACK, keys, tokens);
      return leases.map(() => undefined);
    });
    this.mark = this.#together((keys) => this.#markAll(keys));
    this.unmark = this.#together(async (marks) => {
      const keys = marks.map(({ key }) => marksKey(key));
      const tokens = marks.map(({ token }) => token);
      await this.script(UNMARK_WRITES, keys, tokens);
      return marks.map(() => undefined);
    });
    this.delete = this.#together(async (lists) => {
      await this.deleteNow(lists.flat());
      return lists.map(() => undefined);
    });
  }

  /** Deletes without waiting for others. */
  async deleteNow(keys: readonly string[]): Promise<void> {
    const { run, severalKeys } = this.#options;
    await run<unknown>((client) =>
      severalKeys ? client.del(...keys) : Promise.all(keys.map((key) => client.del(key))),
    );
  }

  #together<Item, Result>(
    runBatch: (items: readonly Item[]) => Promise<readonly Result[]>,
  ): (item: Item) => Promise<Result> {
    const { runtime, severalKeys } = this.#options;
    return createBatcher<Item, Result>(runtime, { inFlightMax: BATCHES_IN_FLIGHT_MAX }, async (items) =>
      severalKeys ? runBatch(items) : (await Promise.all(items.map((item) => runBatch([item])))).flat(),
    );
  }

  async #takeLeases(keys: readonly string[]): Promise<(Lease | undefined)[]> {
    const token = this.#newToken();
    const all = keys.flatMap((key) => [key, leaseKey(key), marksKey(key)]);
    const taken = await this.script(TAKE_LEASES, all, [token, LEASE_MS]);
    return keys.map((key, index) =>
      Array.isArray(taken) && taken[index] === 1 ? { key, token } : undefined,
    );
  }

  async #fillAll(fillings: readonly Filling[]): Promise<undefined[]> {
    const keys = fillings.flatMap(({ lease: { key } }) => [key, leaseKey(key)]);
    const values = fillings.flatMap(({ lease, text, seconds }) => [lease.token, text, seconds]);
    await this.script(FILL, keys, values);
    return fillings.map(() => undefined);
  }

  async #markAll(keys: readonly string[]): Promise<(Mark | undefined)[]> {
    const marks = keys.map((key) => ({ key, token: this.#newToken() }));
    const all = keys.flatMap((key) => [key, marksKey(key)]);
    const done = await this.script(MARK_WRITES, all, [WRITE_MS, ...marks.map(({ token }) => token)]);
    return marks.map((mark) => (done === undefined ? undefined : mark));
  }

  #newToken(): string {
    this.#tokens += 1;
    return `${this.#tokenPrefix}${this.#tokens}`;
  }

  /** A script's answer; undefined where Redis is full. */
  script(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#options.run(async (client) => {
      try {
        return await client.eval(script, keys.length, ...keys, ...args);
      } catch (error) {
        // Full, it still answers and deletes: only new entries have to wait.
        if (error instanceof Error && /\bOOM\b/.test(error.message)) return undefined;
        throw error;
      }
    });
  }
}
