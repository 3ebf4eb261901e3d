import type { RedisConfig } from "@mall/kit/config";
import type { Runtime } from "@mall/kit/context";
import type { Logger } from "@mall/kit/log";
import type { Observer } from "@mall/kit/observe";
import { LateDeletes } from "./late-deletes.ts";
import { NodeHealth } from "./node-health.ts";
import { openRedisClient, type RedisClient } from "./redis-client.ts";
import { RunCheck } from "./run-check.ts";
import {
  FILL,
  GIVE_LEASE_BACK,
  leaseKey,
  MARK_WRITE,
  TAKE_LEASE,
  UNMARK_WRITE,
  writesKey,
} from "./scripts.ts";
import { settleWithin } from "./settle-within.ts";

/** What a caller waits for Redis at most, once; then the database is asked. */
const COMMAND_MS_MAX = 200;
/** Background work may take longer: it stands in nobody's way. */
const CHECK_MS_MAX = 60_000;
/** Longer than any read of a row takes; a reader that is slower just does not fill the entry. */
const LEASE_MS = 5000;
/** How long a writer may take before it counts as dead; a slower one still deletes the entry at its end. */
const WRITE_MS = 10_000;
const TOKEN_BYTES = 9;

export interface RedisNodeOptions {
  readonly config: RedisConfig;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly observer: Observer;
}

/** One of the cache's Redis servers, or a cluster, and everything that is done on it. */
export class RedisNode {
  readonly #runtime: Runtime;
  readonly #observer: Observer;
  readonly #client: RedisClient;
  readonly #severalKeys: boolean;
  readonly #health: NodeHealth;
  readonly #late: LateDeletes;
  readonly #runs: RunCheck;
  readonly #tokenPrefix: string;
  #tokens = 0;

  private constructor(client: RedisClient, options: RedisNodeOptions) {
    const { runtime, config } = options;
    const log = options.log.child({ address: config.Host });
    this.#runtime = runtime;
    this.#observer = options.observer;
    this.#client = client;
    this.#severalKeys = config.Type === "node";
    this.#tokenPrefix = Buffer.from(runtime.randomBytes(TOKEN_BYTES)).toString("base64url");
    this.#runs = new RunCheck(client, log);
    this.#late = new LateDeletes({
      runtime,
      deleteNow: (keys) => this.#deleteNow(keys),
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
    for (const event of ["close", "+node", "-node"]) {
      client.on(event, () => {
        this.#runs.forget();
        this.#health.fail(new Error("the connection was lost"));
      });
    }
    // Every command rejects by itself; without a listener ioredis prints.
    client.on("error", () => {});
  }

  /** Starts to connect to it. */
  static async open(options: RedisNodeOptions): Promise<RedisNode> {
    return new RedisNode(await openRedisClient(options.config), options);
  }

  /** Whether its entries may be believed. */
  get trusted(): boolean {
    return this.#health.trusted;
  }

  /** Says that entries under `prefix` will be read. */
  claim(prefix: string): void {
    if (this.#runs.claim(prefix)) this.#health.distrust();
  }

  /** An entry's text, null for none; what is no text cannot be an entry and goes. */
  get(key: string): Promise<string | null> {
    return this.#run("get", async (client) => {
      try {
        return await client.get(key);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith("WRONGTYPE"))) throw error;
        await client.del(key);
        return null;
      }
    });
  }

  /** The token of a lease on an entry that is not there; undefined where another has it or a write is in hand. */
  async takeLease(key: string): Promise<string | undefined> {
    this.#tokens += 1;
    const token = `${this.#tokenPrefix}${this.#tokens}`;
    const keys = [key, leaseKey(key), writesKey(key)];
    const taken = await this.#script(TAKE_LEASE, keys, [token, LEASE_MS]);
    return taken === 1 ? token : undefined;
  }

  /** Fills the entry if the lease still holds. */
  async fill(key: string, token: string, entry: { text: string; seconds: number }): Promise<void> {
    await this.#script(FILL, [key, leaseKey(key)], [token, entry.text, entry.seconds]);
  }

  async giveLeaseBack(key: string, token: string): Promise<void> {
    await this.#script(GIVE_LEASE_BACK, [key, leaseKey(key)], [token]);
  }

  /** Removes the entry and keeps it away while a write is in hand; false where Redis did not do it. */
  async mark(key: string): Promise<boolean> {
    return (await this.#script(MARK_WRITE, [key, writesKey(key)], [WRITE_MS])) !== undefined;
  }

  async unmark(key: string): Promise<void> {
    await this.#script(UNMARK_WRITE, [writesKey(key)], []);
  }

  /** Removes an entry that is of no use. */
  async drop(key: string): Promise<void> {
    await this.#run("del", (client) => client.del(key)).catch(() => {});
  }

  /** Removes entries whose rows have changed: now, or else as soon as Redis is there. */
  async delete(keys: readonly string[]): Promise<void> {
    if (!this.#health.reachable) {
      this.#late.addFailed(keys);
      return;
    }
    try {
      await this.#deleteNow(keys);
      this.#late.addDone(keys);
    } catch {
      this.#late.addFailed(keys);
    }
  }

  async close(): Promise<void> {
    if (this.#health.reachable) await this.#late.close().catch(() => {});
    this.#health.close();
    this.#client.disconnect();
  }

  async #deleteNow(keys: readonly string[]): Promise<void> {
    await this.#run("del", async (client) => {
      if (this.#severalKeys) await client.del(...keys);
      else await Promise.all(keys.map((key) => client.del(key)));
    });
  }

  /** The script's answer; undefined where Redis is away or full. */
  async #script(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    if (!this.#health.reachable) return undefined;
    return this.#run("eval", async (client) => {
      try {
        return await client.eval(script, keys.length, ...keys, ...args);
      } catch (error) {
        // Full, it still answers and deletes: only new entries have to wait.
        if (error instanceof Error && /\bOOM\b/.test(error.message)) return undefined;
        throw error;
      }
    }).catch(() => undefined);
  }

  /** Rejects where Redis does not answer in time or with an error; nobody waits for it then. */
  async #run<T>(command: string, work: (client: RedisClient) => Promise<T>): Promise<T> {
    const observation = this.#observer.redis?.(command);
    try {
      const result = await settleWithin(this.#runtime, COMMAND_MS_MAX, work(this.#client));
      observation?.end(undefined);
      return result;
    } catch (error) {
      observation?.end(error);
      const reason = error instanceof Error ? error : new Error(String(error));
      this.#health.fail(reason);
      throw reason;
    }
  }
}
