import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";

/** From one answer to the next question, milliseconds. */
const EVERY_MS = 3_000;
/** As {@link EVERY_MS} until the first answer: nobody may be connected yet. */
const AT_FIRST_MS = 200;
/** As {@link EVERY_MS} where the peer has no such method. */
const WITHOUT_MS = 30_000;
const PAGE = 1_000;
/** What became visible late, or by a clock that is behind, is asked for once more; seconds. */
const OVERLAP_SECONDS = 60;
/** Without an answer for so long, the log says so; milliseconds. */
const SILENT_MS = 30_000;

/** Asks for the next rows of a list, in the order of their second and id; none after the last one. */
export type ListSource<Row> = (page: {
  /** Unix second. */
  readonly since: number;
  /** Of that second only rows with a larger id. */
  readonly after: number;
  readonly limit: number;
}) => Promise<readonly Row[]>;

interface Options<Row> {
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Hears of each row, of some more than once. */
  readonly learn: (row: Row) => void;
  /** The Unix second by which the list is ordered. */
  readonly secondOf: (row: Row) => number;
  /** What the log says where nobody answers. */
  readonly silent: string;
  /** What it says once somebody does again. */
  readonly again: string;
}

/**
 * A list that somebody else keeps, and only adds to. It is asked for what is new every few seconds in the background,
 * so that no request waits for it.
 */
export class FollowedList<Row extends { readonly id: number }> {
  readonly #options: Options<Row>;
  #newest = 0;
  #source: ListSource<Row> | undefined;
  #answeredAt = 0;
  #hasAnswer = false;
  #hasTold = false;
  #stopped = false;
  #cancelTimer: () => void = () => {};
  readonly #first = Promise.withResolvers<void>();

  constructor(options: Options<Row>) {
    this.#options = options;
  }

  /** Begins to ask a source; once one is asked, others are not needed. */
  follow(source: ListSource<Row>): void {
    if (this.#source !== undefined) return;
    this.#source = source;
    this.#answeredAt = this.#options.runtime.elapsed();
    void this.#ask(source);
  }

  /** Resolves when the first answer has come, if one is waited for, or after `waitMs`. */
  async known(waitMs: number): Promise<void> {
    if (this.#source === undefined) return;
    const timer = this.#options.runtime.setTimer(this.#first.resolve, waitMs);
    await this.#first.promise;
    timer.clear();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#first.resolve();
  }

  async #ask(source: ListSource<Row>): Promise<void> {
    const { runtime, log, again } = this.#options;
    try {
      await this.#readNew(source);
      this.#answeredAt = runtime.elapsed();
      this.#hearFirst();
      if (this.#hasTold) log.info({}, again);
      this.#hasTold = false;
    } catch (error) {
      this.#tell(error);
      // A user rpc in Go knows of none, until one of ours takes its place.
      if (error instanceof AppError && error.code === "UNIMPLEMENTED") {
        this.#hearFirst();
        this.#askIn(source, WITHOUT_MS);
        return;
      }
    }
    this.#askIn(source, this.#hasAnswer ? EVERY_MS : AT_FIRST_MS);
  }

  #askIn(source: ListSource<Row>, pauseMs: number): void {
    if (this.#stopped) return;
    const timer = this.#options.runtime.setTimer(() => void this.#ask(source), pauseMs);
    this.#cancelTimer = () => timer.clear();
  }

  async #readNew(source: ListSource<Row>): Promise<void> {
    const { runtime, learn, secondOf } = this.#options;
    // Not by a second that lies ahead: whatever came after it would never be asked for.
    const newest = Math.min(this.#newest, Math.floor(runtime.now() / 1000));
    let since = Math.max(1, newest - OVERLAP_SECONDS);
    let after = 0;
    for (let read = PAGE; read === PAGE && !this.#stopped; ) {
      const page = await source({ since, after, limit: PAGE });
      for (const each of page) learn(each);
      read = page.length;
      const last = page.at(-1);
      since = last === undefined ? since : secondOf(last);
      after = last?.id ?? after;
    }
    this.#newest = Math.max(this.#newest, since);
  }

  #hearFirst(): void {
    this.#hasAnswer = true;
    this.#first.resolve();
  }

  #tell(error: unknown): void {
    const { runtime, log, silent } = this.#options;
    if (this.#hasTold || this.#stopped || runtime.elapsed() - this.#answeredAt < SILENT_MS) return;
    this.#hasTold = true;
    log.warn({ error }, silent);
  }
}
