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

/** The tokens of a user that were made before a Unix second are refused. */
export interface RevokedToken {
  readonly id: number;
  readonly notBefore: number;
}

/** Asks for the next revocations, in the order of `notBefore` and `id`; none after the last one. */
export type RevokedSource = (page: {
  /** Unix second. */
  readonly since: number;
  /** Of that second only users with a larger id. */
  readonly after: number;
  readonly limit: number;
}) => Promise<readonly RevokedToken[]>;

/**
 * Whose tokens a process refuses before their time is over. It asks for what is new every few seconds in the
 * background, so that no request waits for it, and goes by what it knows while nobody answers.
 */
export class Revocations {
  readonly #runtime: Runtime;
  readonly #log: Logger;
  readonly #notBefore = new Map<number, number>();
  #newest = 0;
  #source: RevokedSource | undefined;
  #answeredAt = 0;
  #hasAnswer = false;
  #hasTold = false;
  #stopped = false;
  #cancelTimer: () => void = () => {};
  readonly #first = Promise.withResolvers<void>();

  constructor({ runtime, log }: { readonly runtime: Runtime; readonly log: Logger }) {
    this.#runtime = runtime;
    this.#log = log;
  }

  /** Whether a user's token that was made in a Unix second is refused. */
  readonly isRevoked = (uid: number, issuedAt: number): boolean => {
    const notBefore = this.#notBefore.get(uid);
    return notBefore !== undefined && issuedAt < notBefore;
  };

  /** Records a revocation that this process itself made. */
  learn({ id, notBefore }: RevokedToken): void {
    this.#notBefore.set(id, Math.max(notBefore, this.#notBefore.get(id) ?? 0));
  }

  /** Begins to ask a source; once one is asked, others are not needed. */
  follow(source: RevokedSource): void {
    if (this.#source !== undefined) return;
    this.#source = source;
    this.#answeredAt = this.#runtime.elapsed();
    void this.#ask(source);
  }

  /** Resolves when the first answer has come, if one is waited for, or after `waitMs`. */
  async known(waitMs: number): Promise<void> {
    if (this.#source === undefined) return;
    const timer = this.#runtime.setTimer(this.#first.resolve, waitMs);
    await this.#first.promise;
    timer.clear();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#first.resolve();
  }

  async #ask(source: RevokedSource): Promise<void> {
    try {
      await this.#readNew(source);
      this.#answeredAt = this.#runtime.elapsed();
      this.#hearFirst();
      if (this.#hasTold) this.#log.info({}, "the list of revoked tokens is up to date again");
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

  #askIn(source: RevokedSource, pauseMs: number): void {
    if (this.#stopped) return;
    const timer = this.#runtime.setTimer(() => void this.#ask(source), pauseMs);
    this.#cancelTimer = () => timer.clear();
  }

  async #readNew(source: RevokedSource): Promise<void> {
    // Not by a second that lies ahead: whatever came after it would never be asked for.
    const newest = Math.min(this.#newest, Math.floor(this.#runtime.now() / 1000));
    let since = Math.max(1, newest - OVERLAP_SECONDS);
    let after = 0;
    for (let read = PAGE; read === PAGE && !this.#stopped; ) {
      const page = await source({ since, after, limit: PAGE });
      for (const each of page) this.learn(each);
      read = page.length;
      since = page.at(-1)?.notBefore ?? since;
      after = page.at(-1)?.id ?? after;
    }
    this.#newest = Math.max(this.#newest, since);
  }

  #hearFirst(): void {
    this.#hasAnswer = true;
    this.#first.resolve();
  }

  #tell(error: unknown): void {
    if (this.#hasTold || this.#stopped || this.#runtime.elapsed() - this.#answeredAt < SILENT_MS) return;
    this.#hasTold = true;
    this.#log.warn(
      { error },
      "nobody tells whose tokens are revoked: what is revoked from now on is taken here",
    );
  }
}
