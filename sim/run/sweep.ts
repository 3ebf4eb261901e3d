import type { Batch, BatchResult, Failure } from "./batch.ts";
import type { Shape } from "./shape.ts";
import { addTallies, formatTally, type Tally } from "./tally.ts";
import { runPool } from "./worker-pool.ts";

/** Progress is shown this often, milliseconds. */
const PROGRESS_MS = 2_000;

export interface SweepOptions extends Batch {
  readonly workers: number;
  /** Failing seeds after which no more are run. */
  readonly failuresMax: number;
}

/** Runs many seeds in several processes and prints how that goes; resolves with the exit code. */
export async function sweep(options: SweepOptions): Promise<number> {
  const progress = new Progress(options);
  await runPool({
    ...options,
    onBatch: (result) => {
      progress.add(result);
      return progress.failures.length >= options.failuresMax;
    },
  });
  process.stdout.write(progress.report(options.workers));
  return progress.failures.length === 0 ? 0 : 1;
}

class Progress {
  readonly failures: Failure[] = [];
  readonly #of: number;
  readonly #shape: Shape;
  readonly #beganAt = performance.now();
  #shownAt = performance.now();
  #sum = { seeds: 0, events: 0, actions: 0, virtualMs: 0 };
  #faults: Tally = {};
  #states: Tally = {};
  #groups: Tally = {};

  constructor({ count, shape }: Batch) {
    this.#of = count;
    this.#shape = shape;
  }

  add(result: BatchResult): void {
    const sum = this.#sum;
    this.#sum = {
      seeds: sum.seeds + result.count,
      events: sum.events + result.events,
      actions: sum.actions + result.actions,
      virtualMs: sum.virtualMs + result.virtualMs,
    };
    this.#faults = addTallies(this.#faults, result.faults);
    this.#states = addTallies(this.#states, result.states);
    this.#groups = addTallies(this.#groups, result.groups);
    this.failures.push(...result.failures);
    for (const { seed, message } of result.failures) {
      process.stdout.write(
        `seed ${seed} FAILED: ${message}\n  npm run sim -- --shape ${this.#shape} --seed ${seed} --shrink\n`,
      );
    }
    if (performance.now() - this.#shownAt < PROGRESS_MS) return;
    this.#shownAt = performance.now();
    process.stdout.write(
      `${this.#sum.seeds} of ${this.#of} seeds of the ${this.#shape} shape, ${this.#perSecond()} a second\n`,
    );
  }

  report(workers: number): string {
    const { seeds, events, actions, virtualMs } = this.#sum;
    const faults = Object.values(this.#faults).reduce((sum, count) => sum + count, 0);
    const each = (total: number): string => (total / Math.max(1, seeds)).toFixed(1);
    return [
      `${seeds} seeds of the ${this.#shape} shape in ${this.#seconds().toFixed(1)} s on ${workers} processes: ${this.#perSecond()} a second, `,
      `${this.failures.length} failed\n`,
      `each on average ${each(actions)} actions, ${each(faults)} faults, ${each(events)} events, `,
      `${each(virtualMs / 1000)} s of virtual time\n`,
      `faults: ${formatTally(this.#faults)}\n`,
      `in the end: ${formatTally(this.#states)}\n`,
      `transactions that several shared: ${formatTally(this.#groups)}\n`,
    ].join("");
  }

  #seconds(): number {
    return (performance.now() - this.#beganAt) / 1000;
  }

  #perSecond(): string {
    return (this.#sum.seeds / this.#seconds()).toFixed(1);
  }
}
