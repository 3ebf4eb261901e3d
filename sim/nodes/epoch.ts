import type { Runtime, Timer } from "@mall/kit/runtime";
import type { Faults } from "../faults/index.ts";
import type { Kernel, Owner, Random } from "../kernel/index.ts";

/** The moment at which virtual time begins, milliseconds since the Unix epoch: 2026-01-01T00:00:00Z. */
export const START_MS = 1_767_225_600_000;

/** One life of a process, from its start to its end. What belonged to an ended one does not happen any more. */
export class Epoch implements Owner {
  readonly name: string;
  readonly runtime: Runtime;
  alive = true;
  readonly #kernel: Kernel;
  readonly #faults: Faults;
  readonly #onDeath: (epoch: Epoch, byFault: string) => void;

  constructor(options: {
    readonly name: string;
    readonly kernel: Kernel;
    readonly faults: Faults;
    readonly random: Random;
    readonly clock: { readonly offsetMs: number };
    /** Called when a crash strikes. */
    readonly onDeath: (epoch: Epoch, byFault: string) => void;
  }) {
    this.name = options.name;
    this.#kernel = options.kernel;
    this.#faults = options.faults;
    this.#onDeath = options.onDeath;
    this.runtime = this.#createRuntime(options.random, options.clock);
  }

  /** Every event of a process is a moment at which it may die. */
  survives(): boolean {
    if (!this.alive) return false;
    const fault = this.#faults.strikes("crash", this.name);
    if (fault === undefined) return true;
    this.#onDeath(this, fault.id);
    return false;
  }

  /** The wall clock of the process. */
  now(): number {
    return this.runtime.now();
  }

  /** Resolves after `delayMs`; never where the process has ended by then. */
  pause(delayMs: number): Promise<void> {
    return this.#kernel.pause(delayMs, this);
  }

  #createRuntime(random: Random, clock: { readonly offsetMs: number }): Runtime {
    const kernel = this.#kernel;
    return {
      now: () => Math.floor(START_MS + kernel.now + clock.offsetMs),
      elapsed: () => kernel.now,
      randomBytes: (length) => random.bytes(length),
      setTimer: (callback, delayMs): Timer => {
        const event = kernel.schedule(delayMs, callback, this);
        return { clear: () => event.cancel() };
      },
      setImmediate: (callback) => {
        kernel.schedule(0, callback, this);
      },
    };
  }
}
