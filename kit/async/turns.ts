import type { Runtime, Timer } from "@mall/kit/runtime";

export interface TurnsOptions {
  /** Batches that may be out at the same time. */
  readonly inFlightMax: number;
  /** So long the last that went keeps the next from going beside it, milliseconds; 0 where nothing is said. */
  readonly patienceMs?: number;
}

/** Lets batches go, each after what is out has ended, or has taken long enough for another beside it. */
export class Turns {
  readonly #runtime: Runtime;
  readonly #inFlightMax: number;
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #lastWent = 0;
  #timer: Timer | undefined;

  constructor(runtime: Runtime, { inFlightMax, patienceMs = 0 }: TurnsOptions) {
    this.#runtime = runtime;
    this.#inFlightMax = inFlightMax;
    this.#patienceMs = patienceMs;
  }

  /** Calls `go` when it is its turn; `end` is to be called after what that began. */
  take(go: () => void): void {
    this.#waiting.push(go);
    this.#next();
  }

  end(): void {
    this.#inFlight -= 1;
    this.#next();
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#inFlight >= this.#inFlightMax) return;
    const leftMs = this.#leftMs();
    if (leftMs > 0) this.#look(leftMs);
    else this.#go();
  }

  /** How long the next still waits for what is out. */
  #leftMs(): number {
    if (this.#inFlight === 0 || this.#patienceMs === 0) return 0;
    return this.#lastWent + this.#patienceMs - this.#runtime.elapsed();
  }

  #go(): void {
    this.#timer?.clear();
    this.#timer = undefined;
    this.#inFlight += 1;
    if (this.#patienceMs > 0) this.#lastWent = this.#runtime.elapsed();
    this.#waiting.shift()?.();
    this.#next();
  }

  #look(leftMs: number): void {
    this.#timer ??= this.#runtime.setTimer(() => {
      this.#timer = undefined;
      this.#next();
    }, leftMs);
  }
}
