import type { Call } from "@mall/kit/call";
import { deadlineExceeded } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";

export interface LeaseKeeperOptions {
  readonly runtime: Pick<Runtime, "setTimer">;
  /** Ends where the lease is lost. */
  readonly call: Call;
  /** How long the work may go on without another renewal, milliseconds; after a renewal as long again. */
  readonly leftMs: number;
  readonly everyMs: number;
  /** Renews the lease; false where it is somebody else's by now. */
  renew(): Promise<boolean>;
}

/** Renews the lease of a job while an attempt of it goes on, so that nobody else begins one. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  #end: Timer;
  #next: Timer;
  #isStopped = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#end = this.#endAfter(options.leftMs);
    this.#next = this.#renewLater();
  }

  /** The attempt has ended. */
  stop(): void {
    this.#isStopped = true;
    this.#end.clear();
    this.#next.clear();
  }

  #renewLater(): Timer {
    return this.#options.runtime.setTimer(() => void this.#renew(), this.#options.everyMs);
  }

  #endAfter(ms: number): Timer {
    return this.#options.runtime.setTimer(() => this.#lose(), ms);
  }

  /** A database that does not answer is asked again until the lease is over. */
  async #renew(): Promise<void> {
    const isOurs = await this.#options.renew().catch(() => undefined);
    if (this.#isStopped) return;
    if (isOurs === false) return this.#lose();
    if (isOurs === true) {
      this.#end.clear();
      this.#end = this.#endAfter(this.#options.leftMs);
    }
    this.#next = this.#renewLater();
  }

  #lose(): void {
    this.stop();
    this.#options.call.end(deadlineExceeded());
  }
}
