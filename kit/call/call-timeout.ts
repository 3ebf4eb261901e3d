import { deadlineExceeded } from "@mall/kit/errors";
import type { Runtime, Timer } from "@mall/kit/runtime";
import type { Call, CallContext } from "./call.ts";
import { runChild } from "./run-with-timeout.ts";

/**
 * The timeout of a route or method that is called often. Its calls share a timer, as those that began first are
 * due first; and calls that are done within their turn of the event loop need none at all.
 */
export class CallTimeout {
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  readonly #method: string | undefined;
  readonly #line: DueLine;

  /** `timeoutMs` 0: calls end with their parents only. `method` is the rpc method that they are for. */
  constructor(runtime: Runtime, timeoutMs: number, method?: string) {
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
    this.#method = method;
    this.#line = new DueLine(runtime, timeoutMs);
  }

  /** As runWithTimeout; the child carries `context`, by default what its parent carries. */
  run<T>(parent: Call, work: (call: Call) => Promise<T>, context?: CallContext): Promise<T> {
    const runtime = this.#runtime;
    const timeoutMs = this.#timeoutMs;
    const method = this.#method;
    return runChild({ runtime, parent, timeoutMs, context, method, setTimer: this.#line.add }, work);
  }
}

/** The calls that are not done, the first to be due in front. */
class DueLine {
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  readonly #ring = new Place(undefined, 0, () => this.#rest());
  #timer: Timer | undefined;
  #isLooking = false;

  constructor(runtime: Runtime, timeoutMs: number) {
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
  }

  /** Ends the call when its time is over, unless it leaves its place before. */
  readonly add = (call: Call): Timer => {
    const place = new Place(call, this.#runtime.elapsed() + this.#timeoutMs, undefined);
    place.enterBefore(this.#ring);
    if (!this.#isLooking && this.#timer === undefined) {
      this.#isLooking = true;
      this.#runtime.setImmediate(this.#look);
    }
    return place;
  };

  /** Ends the calls that are due and sets the timer for the next one. */
  readonly #look = (): void => {
    this.#isLooking = false;
    this.#rest();
    const now = this.#runtime.elapsed();
    for (let place = this.#ring.next; place !== this.#ring; place = this.#ring.next) {
      if (place.dueAt > now) {
        this.#timer = this.#runtime.setTimer(this.#look, place.dueAt - now);
        return;
      }
      const { call } = place;
      place.clear();
      call?.end(deadlineExceeded());
    }
  };

  #rest(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }
}

/**
 * A place in a ring of them, of which one belongs to nobody. A list of our own instead of a Map: the tables that
 * a Map outgrows keep the calls of the past, with all that hangs on them, until a full garbage collection.
 */
class Place implements Timer {
  call: Call | undefined;
  /** By `runtime.elapsed()`. */
  readonly dueAt: number;
  next: Place = this;
  #previous: Place = this;
  /** Told when no other place is left. */
  readonly #onAlone: (() => void) | undefined;

  constructor(call: Call | undefined, dueAt: number, onAlone: (() => void) | undefined) {
    this.call = call;
    this.dueAt = dueAt;
    this.#onAlone = onAlone;
  }

  enterBefore(next: Place): void {
    this.next = next;
    this.#previous = next.#previous;
    this.#previous.next = this;
    next.#previous = this;
  }

  /** Leaves the ring, and lets go of everything. */
  clear(): void {
    const { next } = this;
    next.#previous = this.#previous;
    this.#previous.next = next;
    this.next = this;
    this.#previous = this;
    this.call = undefined;
    if (next.next === next) next.#onAlone?.();
  }
}
