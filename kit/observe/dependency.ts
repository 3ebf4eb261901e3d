import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";

/**
 * What is wrong with something, in a few words for whoever may ask: no address, no statement; undefined where it is
 * well. What rejects counts as trouble.
 */
export type LookForTrouble = () => Promise<string | undefined>;

/** How long an answer is given again, milliseconds. */
const FRESH_MS = 1_000;
/** How long who asks may have to wait, milliseconds: balancers give up after two seconds, or sooner. */
const LOOK_MS_MAX = 1_000;

const SILENT = "it does not answer";

/**
 * Something without which a process is not fit to serve. However many ask, it is looked at once a second at most, and
 * not again before the last look has ended: what is in trouble is not to be asked more often than what is well.
 */
export class Dependency {
  readonly name: string;
  readonly #look: LookForTrouble;
  readonly #runtime: Runtime;
  readonly #log: Logger;
  #trouble: string | undefined;
  #knownAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(name: string, look: LookForTrouble, { runtime, log }: { runtime: Runtime; log: Logger }) {
    this.name = name;
    this.#look = look;
    this.#runtime = runtime;
    this.#log = log;
  }

  /** What is wrong with it; undefined where it is well. Never rejects, and knows within LOOK_MS_MAX. */
  async trouble(): Promise<string | undefined> {
    if (this.#runtime.elapsed() - this.#knownAt < FRESH_MS) return this.#trouble;
    this.#looking ??= this.#lookOnce();
    await this.#looking;
    return this.#trouble;
  }

  /** Resolves when its trouble is known, or has been looked for in vain for too long. */
  #lookOnce(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#runtime.setTimer(() => {
        this.#know(SILENT);
        // Whoever asks during this look gets that answer at once.
        this.#looking = Promise.resolve();
        resolve();
      }, LOOK_MS_MAX);
      const end = (trouble: string | undefined): void => {
        timer.clear();
        this.#know(trouble);
        this.#looking = undefined;
        resolve();
      };
      this.#look().then(end, () => end("it fails"));
    });
  }

  #know(trouble: string | undefined): void {
    this.#knownAt = this.#runtime.elapsed();
    if (trouble === this.#trouble) return;
    const was = this.#trouble;
    this.#trouble = trouble;
    const part = this.name;
    if (trouble !== undefined) this.#log.warn({ part }, `not fit to serve: ${part}: ${trouble}`);
    else if (was !== undefined) this.#log.info({ part }, `fit to serve again: ${part}`);
  }
}
