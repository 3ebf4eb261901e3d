import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import { observeShare } from "../observe-share.ts";
import type { Statement, WriteResult } from "../statement.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { SqliteConnection } from "./connection.ts";

export interface SqliteWriterOptions {
  readonly runtime: Runtime;
  readonly observer: Observer;
  /** Called before a transaction of SQLite begins. */
  readonly beforeBegin: () => void;
  /** Called after one was committed. */
  readonly afterCommit: () => void;
  /** Makes an error of SQLite one that callers know. */
  readonly convert: (error: unknown) => Error;
}

/** `endedAll`: SQLite ended the transaction over it, for which nobody else is to blame. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown; readonly endedAll: boolean };

/**
 * The connection that writes, for those who share a commit (see CommitQueue): each has its effect or none, whatever
 * becomes of the others. What fails may have failed over what an earlier one did, and so is reported after the commit
 * like all else.
 */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #observer: Observer;
  readonly #convert: (error: unknown) => Error;
  readonly #queue: CommitQueue;

  constructor(connection: SqliteConnection, { observer, ...options }: SqliteWriterOptions) {
    this.#connection = connection;
    this.#observer = observer;
    this.#convert = options.convert;
    this.#queue = new CommitQueue({ connection, ...options });
  }

  /** Whether the connection holds what is not committed. */
  get isTransacting(): boolean {
    return this.#queue.isTransacting;
  }

  /** Runs one statement. Rejects with what it fails with, and as CommitQueue.join does. */
  write(statement: Statement): Promise<WriteResult> {
    return observeShare(this.#observer, "execStmt", this.#write(statement));
  }

  /** Runs work of many statements. Rejects with what it throws, and as CommitQueue.join does. */
  async transact<T>(work: () => Promise<T>): Promise<T> {
    const turn = Promise.withResolvers<boolean>();
    const worked = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<Error | undefined>();
    this.#queue.join({
      work: () => {
        turn.resolve(true);
        return worked.promise;
      },
      end: (failure) => {
        turn.resolve(false);
        ended.resolve(failure);
      },
    });
    const outcome = (await turn.promise) ? await this.#undoable(work) : undefined;
    worked.resolve();
    return observeShare(this.#observer, "exec", resultOf(outcome, ended.promise));
  }

  /** Runs work outside of transactions, once what was asked for before it has ended. */
  async runAlone(work: () => Promise<void>): Promise<void> {
    const turn = Promise.withResolvers<Error | undefined>();
    const worked = Promise.withResolvers<void>();
    this.#queue.joinAlone({
      work: () => {
        turn.resolve(undefined);
        return worked.promise;
      },
      end: turn.resolve,
    });
    const failure = await turn.promise;
    try {
      if (failure !== undefined) throw failure;
      await work();
    } finally {
      worked.resolve();
    }
  }

  async #write(statement: Statement): Promise<WriteResult> {
    const ended = Promise.withResolvers<Error | undefined>();
    let outcome: Outcome<WriteResult> | undefined;
    this.#queue.join({
      work: () => {
        outcome = this.#outcomeOf(statement);
        return undefined;
      },
      end: ended.resolve,
    });
    return unwrap(await ended.promise, outcome);
  }

  /** One statement has its effect or none by itself. */
  #outcomeOf(statement: Statement): Outcome<WriteResult> {
    try {
      return { value: this.#connection.write(statement) };
    } catch (error) {
      return { error: this.#convert(error), endedAll: !this.#connection.inTransaction };
    }
  }

  async #undoable<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    const connection = this.#connection;
    try {
      connection.savepoint("SAVEPOINT member");
      const value = await work();
      if (!connection.inTransaction) throw new DatabaseBusyError(new Error("SQLite ended the transaction"));
      connection.savepoint("RELEASE member");
      return { value };
    } catch (error) {
      const endedAll = !connection.inTransaction;
      if (!endedAll) this.#takeBack();
      return { error, endedAll };
    }
  }

  #takeBack(): void {
    const connection = this.#connection;
    try {
      connection.savepoint("ROLLBACK TO member");
      connection.savepoint("RELEASE member");
    } catch {
      // Half of it would be committed with the rest.
      if (connection.inTransaction) connection.control("ROLLBACK");
    }
  }
}

async function resultOf<T>(outcome: Outcome<T> | undefined, ended: Promise<Error | undefined>): Promise<T> {
  return unwrap(await ended, outcome);
}

/** The result of work that ended like this, if it was begun, in a transaction that failed with that, if it did. */
function unwrap<T>(failure: Error | undefined, outcome: Outcome<T> | undefined): T {
  if (outcome === undefined || (failure !== undefined && !("endedAll" in outcome && outcome.endedAll))) {
    throw failure;
  }
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}
