import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";

/** Whoever forges notifications fills no log: each channel is told of once in so many milliseconds. */
const TOLD_EACH_MS = 60_000;

interface Refused {
  readonly toldAt: number;
  readonly since: number;
}

/** Notifications that were refused, which an operator with the wrong keys would not hear of otherwise. */
export class RefusedNotifies {
  readonly #runtime: Pick<Runtime, "elapsed">;
  readonly #log: Logger;
  readonly #channels = new Map<string, Refused>();

  constructor({ runtime, log }: { readonly runtime: Pick<Runtime, "elapsed">; readonly log: Logger }) {
    this.#runtime = runtime;
    this.#log = log;
  }

  /** Counts one of a channel that is configured, and tells of those since the last word about it. */
  add(channel: string, error: unknown): void {
    const now = this.#runtime.elapsed();
    const { toldAt, since } = this.#channels.get(channel) ?? { toldAt: Number.NEGATIVE_INFINITY, since: 0 };
    const count = since + 1;
    if (now - toldAt < TOLD_EACH_MS) {
      this.#channels.set(channel, { toldAt, since: count });
      return;
    }
    this.#channels.set(channel, { toldAt: now, since: 0 });
    this.#log.warn(
      { channel, count, error },
      "notifications were refused: forged ones, or the account's keys are not the channel's (see mall doctor)",
    );
  }
}
