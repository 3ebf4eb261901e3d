import { EventQueue } from "./event-queue.ts";
import { hashText, mix, Random } from "./random.ts";
import { Timeline } from "./timeline.ts";

/** Whose event it is: an event of somebody who is gone does not happen. */
export interface Owner {
  readonly alive: boolean;
  /** Called before each of its events; false where the event must not happen any more (the owner died of it). */
  survives(): boolean;
}

interface KernelEvent {
  readonly at: number;
  readonly tie: number;
  readonly order: number;
  readonly owner: Owner | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

/** An event that was put off and may be taken back. */
export interface Scheduled {
  cancel(): void;
}

/**
 * Virtual time, and the order in which everything happens. Between two events all promises settle: nothing in a
 * run waits for the machine, so one real turn of the event loop is enough for that.
 */
export class Kernel {
  readonly seed: number;
  readonly timeline: Timeline;
  readonly #queue = new EventQueue<KernelEvent>();
  readonly #ties: Random;
  #now = 0;
  #order = 0;
  #eventsRun = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(seed: number, options: { readonly records?: boolean } = {}) {
    this.seed = seed;
    this.timeline = new Timeline({ records: options.records ?? false });
    this.#ties = this.random("scheduler");
  }

  /** Virtual milliseconds since the start of the run. */
  get now(): number {
    return this.#now;
  }

  get eventsRun(): number {
    return this.#eventsRun;
  }

  /** The numbers of one stream: what is drawn from another one does not change them. */
  random(name: string): Random {
    return new Random(mix(this.seed, hashText(name)));
  }

  /** Lets `run` happen after `delayMs`, unless its owner is gone by then. */
  schedule(delayMs: number, run: () => void, owner?: Owner): Scheduled {
    this.#order += 1;
    const event: KernelEvent = {
      at: this.#now + Math.max(0, delayMs),
      tie: this.#ties.uint32(),
      order: this.#order,
      owner,
      run,
      cancelled: false,
    };
    this.#queue.push(event);
    return {
      cancel: () => {
        event.cancelled = true;
      },
    };
  }

  /** Resolves after `delayMs`, or never where the owner is gone by then. */
  pause(delayMs: number, owner?: Owner): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delayMs, resolve, owner);
    });
  }

  log(who: string, what: string): void {
    this.timeline.add(this.#now, who, what);
  }

  detail(who: string, what: () => string): void {
    this.timeline.detail(this.#now, who, what);
  }

  /** Ends the run: what it was to show has turned out to be wrong. The first failure stays. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /**
   * Lets events happen until `isOver`, asked after each, or until `untilMs`.
   *
   * @throws whatever `fail` was told first.
   */
  async run(untilMs: number, isOver: () => boolean = () => false): Promise<"over" | "time" | "idle"> {
    const end = await new Promise<"over" | "time" | "idle">((resolve, reject) => {
      const turn = (): void => {
        try {
          const ended = this.#step(untilMs, isOver);
          if (ended === undefined) setImmediate(turn);
          else resolve(ended);
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(turn);
    });
    if (this.#failure !== undefined) throw this.#failure.error;
    return end;
  }

  #step(untilMs: number, isOver: () => boolean): "over" | "time" | "idle" | undefined {
    if (this.#failure !== undefined || isOver()) return "over";
    const event = this.#next(untilMs);
    if (event !== undefined) {
      this.#happen(event);
      return undefined;
    }
    this.#now = Math.max(this.#now, untilMs);
    return this.#queue.size === 0 ? "idle" : "time";
  }

  /** The next event that happens; what is cancelled or of the dead is passed over. */
  #next(untilMs: number): KernelEvent | undefined {
    for (;;) {
      const event = this.#queue.pop();
      if (event === undefined) return undefined;
      if (event.at > untilMs) {
        this.#queue.push(event);
        return undefined;
      }
      if (event.cancelled || event.owner?.alive === false) continue;
      return event;
    }
  }

  #happen(event: KernelEvent): void {
    this.#now = event.at;
    this.#eventsRun += 1;
    if (event.owner?.survives() === false) return;
    try {
      event.run();
    } catch (error) {
      this.fail(error);
    }
  }
}
