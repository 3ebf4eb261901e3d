import type { Runtime } from "@mall/kit/runtime";

/** Lets one after the other go at each account, at least so far apart, in the order in which they came. */
export class TurnLine {
  readonly #runtime: Pick<Runtime, "elapsed">;
  readonly #gapMs: number;
  /** When the next may go, by account. */
  readonly #freeAt = new Map<string, number>();

  constructor(runtime: Pick<Runtime, "elapsed">, gapMs: number) {
    this.#runtime = runtime;
    this.#gapMs = gapMs;
  }

  /** Takes the last place in an account's line: the milliseconds until it is its turn; undefined for a longer line. */
  takePlace(account: string, waitMsMax: number): number | undefined {
    const now = this.#runtime.elapsed();
    const at = Math.max(now, this.#freeAt.get(account) ?? now);
    if (at - now > waitMsMax) return undefined;
    this.#freeAt.set(account, at + this.#gapMs);
    return at - now;
  }
}
