import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Logger } from "@mall/kit/log";
import type { EndedSessionList, SessionEnd } from "@mall/kit/rest";
import type { Runtime } from "@mall/kit/runtime";
import { FollowedList, type ListSource } from "./followed-list.ts";

/** From one look for what may be forgotten to the next, milliseconds. */
const FORGET_EVERY_MS = 60_000;

/** A session of a browser that was signed out of in a Unix second. */
export interface EndedSession extends SessionEnd {
  readonly id: number;
  readonly ended: number;
}

/** Who keeps the sessions that were signed out of, for all processes. */
export interface SessionEnds {
  /** The next ones, in the order of `ended` and `id`. */
  readonly list: ListSource<EndedSession>;
  /** Resolves once it is written down. */
  tell(call: Call, session: SessionEnd): Promise<void>;
}

/** The sessions of browsers that this process takes no more: those that it ended itself, and those of which it heard. */
export class EndedSessions implements EndedSessionList {
  readonly #runtime: Runtime;
  readonly #log: Logger;
  readonly #ends: SessionEnds;
  readonly #untilOf = new Map<string, number>();
  readonly #list: FollowedList<EndedSession>;
  #forgottenAt: number;

  constructor(watched: { readonly runtime: Runtime; readonly log: Logger }, ends: SessionEnds) {
    this.#runtime = watched.runtime;
    this.#log = watched.log;
    this.#ends = ends;
    this.#forgottenAt = watched.runtime.elapsed();
    this.#list = new FollowedList({
      ...watched,
      learn: (session) => this.#learn(session),
      secondOf: ({ ended }) => ended,
      silent: "nobody tells which sessions were signed out of elsewhere: their cookies are taken here",
      again: "the list of sessions that were signed out of is up to date again",
    });
  }

  has(session: string): boolean {
    return this.#untilOf.has(session);
  }

  async end(call: Call, session: SessionEnd): Promise<void> {
    try {
      await this.#ends.tell(call, session);
    } catch (error) {
      // A user rpc in Go keeps none: it ends for this process alone.
      if (!(error instanceof AppError && error.code === "UNIMPLEMENTED")) throw error;
      this.#log.warn({}, "the user rpc keeps no sessions: a sign-out holds for this process alone");
    }
    this.#learn(session);
  }

  /** Begins to ask for those that others ended. */
  follow(): void {
    this.#list.follow(this.#ends.list);
  }

  /** Resolves when the first answer has come, or after `waitMs`. */
  known(waitMs: number): Promise<void> {
    return this.#list.known(waitMs);
  }

  stop(): void {
    this.#list.stop();
  }

  #learn({ session, until }: SessionEnd): void {
    this.#forgetOver();
    this.#untilOf.set(session, until);
  }

  /** A session that is over by itself needs no list any more. */
  #forgetOver(): void {
    if (this.#runtime.elapsed() - this.#forgottenAt < FORGET_EVERY_MS) return;
    this.#forgottenAt = this.#runtime.elapsed();
    const now = this.#runtime.now() / 1000;
    for (const [session, until] of this.#untilOf) if (until <= now) this.#untilOf.delete(session);
  }
}
