import type { Logger } from "@mall/kit/log";
import { type CacheClient, type CacheServer, mastersOf } from "./redis-client.ts";

/** A hash: the runs of Redis whose entries under the prefix of its name are known to be good. */
const RUNS_KEY = "cache-runs:";
const RUNS_SECONDS = 90 * 24 * 3600;
const SCAN_COUNT = 1000;

/**
 * Notices a Redis that is not the one the entries were deleted in: restarted from a snapshot, or a replica
 * that took over, it has rows again that were deleted since. Such a run has an id that nobody noted in Redis
 * itself, because the note is made only once the old entries are gone.
 */
export class RunCheck {
  readonly #client: CacheClient;
  readonly #log: Logger;
  readonly #prefixes = new Set<string>();
  readonly #disowned = new Set<string>();
  readonly #checked = new Set<string>();
  #notesDropped = true;
  #connection = 0;
  #mustSweep = false;

  constructor(client: CacheClient, log: Logger) {
    this.#client = client;
    this.#log = log;
  }

  /** Entries under `prefix` will be read. Returns whether they were not before. */
  claim(prefix: string): boolean {
    if (this.#prefixes.has(prefix)) return false;
    this.#prefixes.add(prefix);
    return true;
  }

  /** Entries under `prefix` will be wrong without anybody removing them. Returns whether that is new. */
  disown(prefix: string): boolean {
    if (this.#disowned.has(prefix)) return false;
    this.#disowned.add(prefix);
    this.#notesDropped = false;
    return true;
  }

  /** Whoever begins to read what was disowned finds no note of any run then, and so removes what is there first. */
  async dropNotes(): Promise<void> {
    const connection = this.#connection;
    for (const prefix of this.#disowned) await this.#client.del(RUNS_KEY + prefix);
    if (connection === this.#connection) this.#notesDropped = true;
  }

  /** There may be another Redis behind the next connection. */
  forget(): void {
    this.#connection += 1;
    this.#checked.clear();
    this.#notesDropped = false;
  }

  /** Nothing in Redis is good, whatever is noted there. */
  distrustAll(): void {
    this.#mustSweep = true;
    this.forget();
  }

  /** Rejects where Redis does not answer, or went away in the meantime. */
  async check(): Promise<void> {
    const connection = this.#connection;
    if (!this.#notesDropped) await this.dropNotes();
    const prefixes = [...this.#prefixes].filter((prefix) => !this.#checked.has(prefix));
    if (prefixes.length === 0) return;
    const masters = mastersOf(this.#client);
    for (const prefix of prefixes) {
      for (const master of masters) await this.#checkMaster(master, prefix);
    }
    if (connection !== this.#connection) throw new Error("the connection changed");
    this.#mustSweep = false;
    for (const prefix of prefixes) this.#checked.add(prefix);
  }

  async #checkMaster(master: CacheServer, prefix: string): Promise<void> {
    const run = /^run_id:(\w+)/m.exec(await master.info("server"))?.[1] ?? "unknown";
    const noted = RUNS_KEY + prefix;
    if (!this.#mustSweep && (await this.#client.hexists(noted, run)) === 1) return;
    const deleted = await sweep(master, prefix);
    await this.#client.hset(noted, run, "1");
    await this.#client.expire(noted, RUNS_SECONDS);
    if (deleted > 0) this.#log.info({ key: prefix, count: deleted }, "removed cached rows of unknown age");
  }
}

async function sweep(master: CacheServer, prefix: string): Promise<number> {
  let deleted = 0;
  let cursor = "0";
  do {
    const [next, keys] = await master.scan(cursor, "MATCH", `${prefix}*`, "COUNT", SCAN_COUNT);
    // One key each: the keys of a cluster's node are on many slots.
    await Promise.all(keys.map((key) => master.del(key)));
    deleted += keys.length;
    cursor = next;
  } while (cursor !== "0");
  return deleted;
}
