import type { RedisConfig } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";
import { type Observer, observeUntil } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { LateDeletes } from "./late-deletes.ts";
import { NodeHealth } from "./node-health.ts";
import { type Lease, type Mark, RedisBatches } from "./redis-batches.ts";
import { type CacheClient, type OpenCacheClient, openRedisClient } from "./redis-client.ts";
import { RunCheck } from "./run-check.ts";
import { settleWithin } from "./settle-within.ts";

/** What a caller waits for Redis at most, once; then the database is asked. */
const COMMAND_MS_MAX = 200;
/** Background work may take longer: it stands in nobody's way. */
const CHECK_MS_MAX = 60_000;

const NODES = {
  name: "mall_cache_node_used",
  help: "1 where a node of the cache is used, 0 with the reason where it is not",
  labels: ["address", "state"],
};

export interface RedisNodeOptions {
  readonly config: RedisConfig;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
  /** How it is connected; by ioredis where it is left out. */
  readonly openClient?: OpenCacheClient | undefined;
}

/** One of the cache's Redis servers, or a cluster, and everything that is done on it. */
export class RedisNode {
  readonly #runtime: Runtime;
  readonly #observer: Observer;
  readonly #client: CacheClient;
  readonly #batches: RedisBatches;
  readonly #health: NodeHealth;
  readonly #late: LateDeletes;
  readonly #runs: RunCheck;

  private constructor(client: CacheClient, options: RedisNodeOptions) {
    const { runtime, config } = options;
    const log = options.log.child({ address: config.Host });
    this.#runtime = runtime;
    this.#observer = options.observer;
    this.#client = client;
    this.#batches = new RedisBatches({
      runtime,
      severalKeys: config.Type === "node",
      run: (work) => this.#run(work),
    });
    this.#runs = new RunCheck(client, log);
    this.#late = new LateDeletes({
      runtime,
      deleteNow: (keys) => this.#observed("del", this.#batches.deleteNow(keys)),
      onOverflow: () => this.#runs.distrustAll(),
    });
    this.#health = new NodeHealth({
      runtime,
      log,
      ping: () => settleWithin(runtime, COMMAND_MS_MAX, client.ping()),
      recover: async () => {
        await settleWithin(runtime, CHECK_MS_MAX, this.#runs.check());
        await this.#late.drain();
      },
      reconnect: () => {
        if (client.status === "ready") client.disconnect(true);
      },
    });
    for (const event of ["close", "+node", "-node"] as const) {
      client.on(event, () => {
        this.#runs.forget();
        this.#health.fail(new Error("the connection was lost"));
      });
    }
    // Every command rejects by itself; without a listener ioredis prints.
    client.on("error", (cause) => this.#health.noteRefusal(cause));
    options.observer.gauge(NODES, async () => {
      const trouble = this.#health.trouble;
      return [{ labels: [config.Host, trouble ?? "used"], value: trouble === undefined ? 1 : 0 }];
    });
  }

  /** Starts to connect to it. */
  static async open(options: RedisNodeOptions): Promise<RedisNode> {
    const open = options.openClient ?? openRedisClient;
    return new RedisNode(await open(options.config), options);
  }

  /** Whether its entries may be believed. */
  get trusted(): boolean {
    return this.#health.trusted;
  }

  /** Says that entries under `prefix` will be read. */
  claim(prefix: string): void {
    if (this.#runs.claim(prefix)) this.#health.distrust();
  }

  /** Says that rows under `prefix` will change without their entries being removed. */
  disown(prefix: string): void {
    if (this.#runs.disown(prefix)) this.#health.distrust();
  }

  /** An entry's text, null for none. */
  get(key: string): Promise<string | null> {
    return this.#observed("get", this.#batches.get(key));
  }

  /** A lease on an entry that is not there; undefined where there is none to be had. */
  takeLease(key: string): Promise<Lease | undefined> {
    return this.#scripted(() => this.#batches.takeLease(key));
  }

  /** Fills the entry if the lease still holds. */
  async fill(lease: Lease, entry: { text: string; seconds: number }): Promise<void> {
    await this.#scripted(() => this.#batches.fill({ lease, ...entry }));
  }

  async giveLeaseBack(lease: Lease): Promise<void> {
    await this.#scripted(() => this.#batches.giveLeaseBack(lease));
  }

  /** Removes the entry and keeps it away while a write is in hand; undefined where Redis did not do it. */
  mark(key: string): Promise<Mark | undefined> {
    return this.#scripted(() => this.#batches.mark(key));
  }

  /** Takes back this mark and no other. */
  async unmark(mark: Mark): Promise<void> {
    await this.#scripted(() => this.#batches.unmark(mark));
  }

  /** The answer of a script about one key; undefined where Redis is away or full. */
  ask(script: string, key: string, args: readonly number[]): Promise<unknown> {
    return this.#scripted(() => this.#batches.script(script, [key], args));
  }

  /** Removes an entry that is of no use. */
  async drop(key: string): Promise<void> {
    await this.#observed("del", this.#batches.delete([key])).catch(() => {});
  }

  /** Removes entries whose rows have changed: now, or else as soon as Redis is there. */
  async delete(keys: readonly string[]): Promise<void> {
    if (!this.#health.reachable) {
      this.#late.addFailed(keys);
      return;
    }
    try {
      await this.#observed("del", this.#batches.delete(keys));
      this.#late.addDone(keys);
    } catch {
      this.#late.addFailed(keys);
    }
  }

  async close(): Promise<void> {
    if (this.#health.reachable) {
      await this.#late.close().catch(() => {});
      // Again, as somebody may have begun to read meanwhile, and read what became old since.
      await settleWithin(this.#runtime, COMMAND_MS_MAX, this.#runs.dropNotes()).catch(() => {});
    }
    this.#health.close();
    this.#client.disconnect();
  }

  /** The outcome of a script; undefined where Redis is away. */
  #scripted<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!this.#health.reachable) return Promise.resolve(undefined);
    return this.#observed("eval", work()).catch(() => undefined);
  }

  /** A command may be that of many callers; each of them sees how long its own part took. */
  #observed<T>(command: string, part: Promise<T>): Promise<T> {
    const observation = this.#observer.redis?.(command);
    return observation === undefined ? part : observeUntil(observation, part);
  }

  /** Rejects where Redis does not answer in time or with an error; nobody waits for it then. */
  async #run<T>(work: (client: CacheClient) => Promise<T>): Promise<T> {
    // It may have gone while this was gathered.
    if (!this.#health.reachable) throw new Error("Redis is away");
    try {
      return await settleWithin(this.#runtime, COMMAND_MS_MAX, work(this.#client));
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#health.fail(reason);
      throw reason;
    }
  }
}
