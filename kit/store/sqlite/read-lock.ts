import type { Runtime } from "@mall/kit/runtime";
import type { SqliteConnection } from "./connection.ts";

/**
 * Keeps SQLite's lock for reading taken until the end of a turn of the event loop. Every statement outside of a
 * transaction takes and leaves that lock, with a system call for each unless another connection of this process
 * has it: then the reads of one turn share two. Each of them still sees what is committed when it runs, as only
 * the connection that holds the lock is bound to an older state.
 */
export class ReadLock {
  readonly #holder: SqliteConnection;
  readonly #runtime: Runtime;
  #isHeld = false;

  /** Nobody may read through `holder` while it holds the lock. */
  constructor(holder: SqliteConnection, runtime: Runtime) {
    this.#holder = holder;
    this.#runtime = runtime;
  }

  /** Takes the lock unless it is taken already. Where that fails, the read that follows fails too, and tells why. */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = this.#holder.beginRead();
    if (this.#isHeld) this.#runtime.setImmediate(() => this.release());
  }

  /** Leaves the lock: for a writer, which cannot begin the log anew while somebody reads it. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#holder.endRead();
  }
}
