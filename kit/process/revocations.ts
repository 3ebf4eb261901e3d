import type { Logger } from "@mall/kit/log";
import type { Runtime } from "@mall/kit/runtime";
import { FollowedList, type ListSource } from "./followed-list.ts";

/** The tokens of a user that were made before a Unix second are refused. */
export interface RevokedToken {
  readonly id: number;
  readonly notBefore: number;
}

/** Asks for the next revocations, in the order of `notBefore` and `id`; none after the last one. */
export type RevokedSource = ListSource<RevokedToken>;

/** Whose tokens a process refuses before their time is over. It goes by what it knows while nobody answers. */
export class Revocations {
  readonly #notBefore = new Map<number, number>();
  readonly #list: FollowedList<RevokedToken>;

  constructor(watched: { readonly runtime: Runtime; readonly log: Logger }) {
    this.#list = new FollowedList({
      ...watched,
      learn: (token) => this.learn(token),
      secondOf: ({ notBefore }) => notBefore,
      silent: "nobody tells whose tokens are revoked: what is revoked from now on is taken here",
      again: "the list of revoked tokens is up to date again",
    });
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
    this.#list.follow(source);
  }

  /** Resolves when the first answer has come, if one is waited for, or after `waitMs`. */
  known(waitMs: number): Promise<void> {
    return this.#list.known(waitMs);
  }

  stop(): void {
    this.#list.stop();
  }
}
