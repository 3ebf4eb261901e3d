import { Worker } from "node:worker_threads";
import { type CheckpointOrder, checkpointThread } from "./checkpoint-thread.ts";
import type { SqliteConnection } from "./connection.ts";

/** 16 MiB of log before it is copied into the file: SQLite's 4 MiB would copy busy pages four times as often. */
export const CHECKPOINT_PAGES = 4000;
/**
 * At so much log the writer does it: the log begins anew only where somebody copied the last page before the next is
 * written, which a thread beside a busy writer hardly ever does. By then little is left to be copied.
 */
const PAGES_MAX = 4 * CHECKPOINT_PAGES;
/** Of so many commits one looks how long the log is, which takes some microseconds. */
const COMMITS_A_LOOK = 16;
/** The thread holds a connection and nothing else. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };
const PROGRAM = `(${checkpointThread})(require("node:sqlite"), require("node:worker_threads"))`;

/**
 * Copies what the log of a SQLite file holds into the file, on a thread that is started when there is much of it.
 * The pages of many millions of rows are written all over the disk, and whoever waits for that in the thread that
 * answers requests stops them all; beside it the writer goes on (https://www.sqlite.org/wal.html, 2.2 Concurrency).
 * Where the thread cannot open the file the writer does all of it; where it once cannot copy, it is told again.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #writer: SqliteConnection;
  #commits = 0;
  #thread: Worker | undefined;
  #ended: Promise<void> | undefined;
  #isBusy = false;
  #hasFailed = false;

  constructor(path: string, writer: SqliteConnection) {
    this.#path = path;
    this.#writer = writer;
    writer.exec(`PRAGMA wal_autocheckpoint = ${PAGES_MAX}`);
  }

  /** To be called after each commit. */
  committed(): void {
    this.#commits += 1;
    if (this.#commits % COMMITS_A_LOOK !== 0 || this.#isBusy || this.#hasFailed) return;
    if (this.#uncopiedPages() < CHECKPOINT_PAGES) return;
    this.#isBusy = true;
    this.#thread ??= this.#start();
    this.#tell("checkpoint");
  }

  /** Resolves when the thread, if there is one, has closed its connection. */
  async close(): Promise<void> {
    // Nothing else may be left to be waited for.
    this.#thread?.ref();
    this.#tell("end");
    await this.#ended;
  }

  #uncopiedPages(): number {
    try {
      return this.#writer.uncopiedPages();
    } catch {
      // What is wrong with the file is told by the next statement, which somebody waits for.
      return 0;
    }
  }

  #tell(order: CheckpointOrder): void {
    this.#thread?.postMessage(order);
  }

  #start(): Worker {
    const options = { eval: true, workerData: this.#path, resourceLimits: THREAD_LIMITS };
    const thread = new Worker(PROGRAM, options);
    thread.on("message", () => {
      this.#isBusy = false;
    });
    thread.on("error", () => this.#giveUp());
    this.#ended = new Promise((resolve) => {
      thread.on("exit", () => resolve());
    });
    // A database that nobody closed keeps no process alive; who listens for messages would.
    thread.unref();
    return thread;
  }

  #giveUp(): void {
    this.#hasFailed = true;
    this.#writer.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }
}
