import type { Call } from "@mall/kit/call";
import type { Runtime } from "@mall/kit/runtime";
import type { UserClient } from "./gen/user.ts";

/** How long it is believed that a user is there, milliseconds. */
const BELIEVED_MS = 10 * 60 * 1000;
/** Bounds the memory, about 50 bytes a user. */
const USERS_MAX = 100_000;

export interface KnownUsersOptions {
  readonly userRpc: Pick<UserClient, "userInfo">;
  readonly runtime: Pick<Runtime, "elapsed">;
  /** How many are remembered; 100,000 where it is left out. */
  readonly usersMax?: number;
}

/**
 * Whether users are there, for callers to whom nothing else of them matters. Neither here nor in go-zero-mall anything
 * removes one, so who was there once is not asked about again for ten minutes; that bounds what the SQL of an operator
 * may leave behind. Only the id is kept. No money is decided by it: what comes for a user who is gone is held by a look
 * of its own.
 */
export class KnownUsers {
  readonly #userRpc: KnownUsersOptions["userRpc"];
  readonly #runtime: KnownUsersOptions["runtime"];
  readonly #usersMax: number;
  /** When each was last asked about, the longest ago first. */
  readonly #seen = new Map<number, number>();

  constructor({ userRpc, runtime, usersMax = USERS_MAX }: KnownUsersOptions) {
    this.#userRpc = userRpc;
    this.#runtime = runtime;
    this.#usersMax = usersMax;
  }

  /** @throws AppError as the user rpc: NOT_FOUND USER_NOT_FOUND where there is no such user. */
  async demand(call: Call, id: number): Promise<void> {
    const now = this.#runtime.elapsed();
    const seen = this.#seen.get(id);
    if (seen !== undefined && now - seen < BELIEVED_MS) return;
    await this.#userRpc.userInfo(call, { id });
    // By the time of the question: the answer is as of then or later.
    this.#seen.delete(id);
    this.#seen.set(id, now);
    if (this.#seen.size <= this.#usersMax) return;
    const [first] = this.#seen.keys();
    if (first !== undefined) this.#seen.delete(first);
  }
}
