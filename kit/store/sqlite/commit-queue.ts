import type { Runtime, Timer } from "@mall/kit/runtime";
import { activeTrace, runInTrace } from "@mall/kit/trace";
import { DatabaseBusyError, databaseBusy } from "../store-errors.ts";
import type { SqliteConnection } from "./connection.ts";

/** Longest wait for a turn, milliseconds. It also ends work that waits for a turn behind its own. */
const WAIT_MS_MAX = 5_000;
/** From then on nobody joins a transaction, milliseconds: whoever came first waits for the work of the last. */
const JOIN_MS_MAX = 10;
/** So many are company enough. */
const GATHERED_MAX = 64;

/** Somebody who waits for a turn, and then for the commit. */
export interface Member {
  /** Does its work; never fails, but keeps what came of it until the end. */
  work(): Promise<void> | undefined;
  /** Tells what came of it, as its work is committed; or why it is not, or was never begun. */
  end(failure: Error | undefined): void;
}

interface Waiter {
  readonly member: Member;
  readonly since: number;
  /** Not in a transaction. */
  readonly isAlone: boolean;
}

export interface CommitQueueOptions {
  readonly runtime: Runtime;
  readonly connection: SqliteConnection;
  /** Called before a transaction begins. */
  readonly beforeBegin: () => void;
  /** Called after one was committed. */
  readonly afterCommit: () => void;
  /** Makes an error of the connection one that callers know. */
  readonly convert: (error: unknown) => Error;
}

/**
 * Turns on a connection, in the order of asking. The work of all that wait at the same time is in one transaction of
 * SQLite, for the commit is what costs; nobody gets an answer before that is on disk, and where it fails, all fail.
 */
export class CommitQueue {
  readonly #runtime: Runtime;
  readonly #options: CommitQueueOptions;
  readonly #waiting: Waiter[] = [];
  /** Whose work is done in the open transaction; undefined where none is open. */
  #group: Member[] | undefined;
  #isServing = false;
  #watch: Timer | undefined;

  constructor(options: CommitQueueOptions) {
    this.#runtime = options.runtime;
    this.#options = options;
  }

  /** Whether the connection holds what is not committed. */
  get isTransacting(): boolean {
    return this.#group !== undefined;
  }

  /**
   * Gives a member its turn. It ends with AppError DATABASE_BUSY where it has none for 5 seconds, with
   * DatabaseBusyError where nothing was done for no fault of its own, and with what the commit fails with.
   */
  join(member: Member): void {
    this.#add(member, false);
  }

  /** As `join`, with a turn outside of transactions. */
  joinAlone(member: Member): void {
    this.#add(member, true);
  }

  #add(member: Member, isAlone: boolean): void {
    this.#waiting.push({ member, since: this.#runtime.elapsed(), isAlone });
    if (this.#isServing) return;
    this.#isServing = true;
    // What is done for many belongs to none of their traces.
    if (activeTrace() === undefined) void this.#serve();
    else void runInTrace(undefined, () => this.#serve());
  }

  async #serve(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      if (this.#waiting[0]?.isAlone) await this.#serveAlone();
      else await this.#serveGroup();
    }
    this.#isServing = false;
  }

  /** Waits while every turn of the event loop brings more, until one brings nothing. Others get on meanwhile. */
  #gather(): Promise<void> {
    return new Promise((resolve) => {
      const nextTurn = (before: number): void =>
        this.#runtime.setImmediate(() => {
          const { length } = this.#waiting;
          if (length === before || length >= GATHERED_MAX) resolve();
          else nextTurn(length);
        });
      // The rest of this turn is not a whole one.
      nextTurn(0);
    });
  }

  async #serveAlone(): Promise<void> {
    const member = this.#waiting.shift()?.member;
    await member?.work();
    member?.end(undefined);
  }

  async #serveGroup(): Promise<void> {
    const { connection } = this.#options;
    if (!this.#begin()) return;
    const group: Member[] = [];
    const fullAt = this.#runtime.elapsed() + JOIN_MS_MAX;
    this.#group = group;
    this.#watch = this.#runtime.setTimer(() => this.#lookAfter(group), WAIT_MS_MAX);
    for (let next = this.#nextMember(); next !== undefined; next = this.#nextMember()) {
      group.push(next);
      const working = next.work();
      if (working !== undefined) await working;
      if (!connection.inTransaction || this.#runtime.elapsed() >= fullAt) break;
    }
    this.#watch.clear();
    this.#group = undefined;
    const failure = this.#commit();
    for (const member of group) member.end(failure);
    if (failure === undefined) this.#options.afterCommit();
  }

  /** Takes the next out of the queue, unless that is one who wants no transaction. */
  #nextMember(): Member | undefined {
    return this.#waiting[0]?.isAlone === false ? this.#waiting.shift()?.member : undefined;
  }

  #begin(): boolean {
    const { connection, beforeBegin, convert } = this.#options;
    try {
      beforeBegin();
      connection.control("BEGIN IMMEDIATE");
      return true;
    } catch (error) {
      // To all who wait it would happen, and the process would stand still for each of them.
      const failure = convert(error);
      for (let next = this.#nextMember(); next !== undefined; next = this.#nextMember()) next.end(failure);
      return false;
    }
  }

  /** What it failed with, if it did. */
  #commit(): Error | undefined {
    const { connection, convert } = this.#options;
    if (!connection.inTransaction) return new DatabaseBusyError(new Error("SQLite ended the transaction"));
    try {
      connection.control("COMMIT");
      return undefined;
    } catch (error) {
      if (connection.inTransaction) this.#rollBack();
      return convert(error);
    }
  }

  /** Where even that fails, the next transaction cannot begin, which tells why. */
  #rollBack(): void {
    try {
      this.#options.connection.control("ROLLBACK");
    } catch {}
  }

  /**
   * Work that has not ended for so long may wait for itself: for the turn of another, who is told that there is none,
   * or for the end of an earlier member, which comes after its own. All of them do it again then.
   */
  #lookAfter(group: Member[]): void {
    const now = this.#runtime.elapsed();
    const { connection } = this.#options;
    const isLate = ({ since }: Waiter): boolean => since + WAIT_MS_MAX <= now;
    const late = this.#waiting.filter(isLate);
    this.#waiting.splice(0, late.length);
    for (const { member } of late) member.end(databaseBusy(new Error("others had their turn for too long")));
    const done = group.splice(0, group.length - 1);
    if (done.length > 0 && connection.inTransaction) this.#rollBack();
    for (const member of done) member.end(new DatabaseBusyError(new Error("a later member did not end")));
    const firstSince = this.#waiting[0]?.since ?? now;
    this.#watch = this.#runtime.setTimer(() => this.#lookAfter(group), firstSince + WAIT_MS_MAX - now);
  }
}
