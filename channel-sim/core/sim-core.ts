import { FaultPlan } from "@mall/kit/counterpart";
import { Turns } from "@mall/kit/resilience";
import type { Runtime, Timer } from "@mall/kit/runtime";
import type { Faults } from "./faults.ts";
import type { SimChanges, SimLetter, SimStore } from "./sim-store.ts";

export interface SimCoreOptions {
  readonly runtime: Runtime;
  readonly store: SimStore;
  /** Address that buyers reach the simulator at, without a trailing slash; asked when somebody needs it. */
  readonly publicUrl: () => string;
}

/** What all channels of a simulator stand on. */
export class SimCore {
  readonly runtime: Runtime;
  readonly store: SimStore;
  readonly publicUrl: () => string;
  readonly faults: Faults = new FaultPlan();
  /** Times that the simulator makes up, such as a refund's or a retry's, are divided by this. */
  speed = 1;
  readonly #turns = new Turns();
  readonly #pauses = new Map<Timer, () => void>();
  #post: (letters: readonly SimLetter[]) => void = () => {};

  constructor({ runtime, store, publicUrl }: SimCoreOptions) {
    this.runtime = runtime;
    this.store = store;
    this.publicUrl = publicUrl;
  }

  /** Says who delivers letters. */
  postWith(post: (letters: readonly SimLetter[]) => void): void {
    this.#post = post;
  }

  /** Does what changes one thing (a trade, an idempotency key) alone on it. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(key, work);
  }

  /** Keeps changes and sends their letters. */
  async commit(changes: SimChanges): Promise<void> {
    await this.store.save(changes);
    this.#post(changes.letters ?? []);
  }

  /** Decimal digits of chance. */
  digits(length: number): string {
    return Array.from(this.runtime.randomBytes(length), (byte) => byte % 10).join("");
  }

  /** Hexadecimal digits of chance, lower case; `length` is even. */
  hex(length: number): string {
    return Buffer.from(this.runtime.randomBytes(length / 2)).toString("hex");
  }

  /** Resolves after a time, or when the simulator closes. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.runtime.setTimer(() => {
        this.#pauses.delete(timer);
        resolve();
      }, ms);
      this.#pauses.set(timer, resolve);
    });
  }

  close(): void {
    for (const [timer, goOn] of this.#pauses) {
      timer.clear();
      goOn();
    }
    this.#pauses.clear();
  }
}
