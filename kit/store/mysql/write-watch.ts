import type { Runtime } from "@mall/kit/runtime";
import { isForWantOfRoom } from "../write-trouble.ts";

/** So long a write that went through shows that others would, milliseconds. */
const SHOWN_MS = 1_000;
/** So long a write that found no room shows that others would find none; then it is tried again. */
const FULL_MS = 5_000;

/** What the writes of a process tell about whether its database takes more. */
export class WriteWatch {
  readonly #runtime: Runtime;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #full: { readonly at: number; readonly error: unknown } | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Rows were changed. */
  succeeded(): void {
    this.#writtenAt = this.#runtime.elapsed();
    this.#full = undefined;
  }

  /** A statement failed. */
  failed(error: unknown): void {
    if (isForWantOfRoom(error)) this.#full = { at: this.#runtime.elapsed(), error };
  }

  /** Whether rows were changed a moment ago. */
  get hasWritten(): boolean {
    return this.#runtime.elapsed() - this.#writtenAt < SHOWN_MS;
  }

  /** The failure of the last write, where that found no room a moment ago. */
  get fullError(): unknown {
    const full = this.#full;
    return full !== undefined && this.#runtime.elapsed() - full.at < FULL_MS ? full.error : undefined;
  }
}
