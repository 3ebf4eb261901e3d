import { createHash } from "node:crypto";
import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { Pool, PoolConnection } from "mysql2";
import type { MysqlSource } from "../data-source.ts";

const HASH_LENGTH = 8;

/** Follows what a pool does by its events, which it has no figures for. */
export class PoolWatch {
  readonly #runtime: Runtime;
  readonly #open = new Set<object>();
  readonly #inUse = new Set<object>();
  #waitCount = 0;
  #waitMs = 0;

  constructor(pool: Pool, { runtime, maxOpen }: { readonly runtime: Runtime; readonly maxOpen: number }) {
    this.#runtime = runtime;
    this.maxOpen = maxOpen;
    pool.on("connection", (connection) => this.#opened(connection));
    pool.on("acquire", (connection) => this.#inUse.add(connection));
    pool.on("release", (connection) => this.#inUse.delete(connection));
    pool.on("enqueue", () => {
      this.#waitCount += 1;
    });
  }

  readonly maxOpen: number;

  get open(): number {
    return this.#open.size;
  }

  get inUse(): number {
    return this.#inUse.size;
  }

  get waitCount(): number {
    return this.#waitCount;
  }

  get waitSeconds(): number {
    return this.#waitMs / 1000;
  }

  /** Measures how long a connection takes that has to be waited for; the pool says at once whether it has. */
  async timed<T>(acquire: () => Promise<T>): Promise<T> {
    const countBefore = this.#waitCount;
    const startedAt = this.#runtime.elapsed();
    const acquired = acquire();
    const waits = this.#waitCount > countBefore;
    try {
      return await acquired;
    } finally {
      if (waits) this.#waitMs += this.#runtime.elapsed() - startedAt;
    }
  }

  /** A connection that was closed on purpose leaves without an event. */
  dropped(connection: object): void {
    this.#open.delete(connection);
    this.#inUse.delete(connection);
  }

  #opened(connection: PoolConnection): void {
    this.#open.add(connection);
    connection.once("end", () => this.dropped(connection));
    connection.once("error", () => this.dropped(connection));
  }
}

/** Shows a pool to an observer that wants figures of pools; undefined where none does. */
export function watchPool(
  pool: Pool,
  source: MysqlSource,
  { observer, runtime, maxOpen }: { observer: Observer; runtime: Runtime; maxOpen: number },
): PoolWatch | undefined {
  if (observer.sqlPool === undefined) return undefined;
  const watch = new PoolWatch(pool, { runtime, maxOpen });
  const hash = createHash("sha256")
    .update(JSON.stringify(source.address))
    .digest("hex")
    .slice(0, HASH_LENGTH);
  observer.sqlPool({ database: source.database, hash }, () => watch);
  return watch;
}
