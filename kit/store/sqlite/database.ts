import type { Observer } from "@mall/kit/observe";
import type { Runtime } from "@mall/kit/runtime";
import type { Kysely } from "kysely";
import type {
  AnyTables,
  Database,
  MigrationSession,
  RowTransaction,
  Snapshot,
  TableStore,
  Transaction,
  TransactionEnd,
} from "../database.ts";
import { createKysely } from "../kysely-runner.ts";
import { retryBusy } from "../retry-busy.ts";
import type { RawCells, RawRow, Statement, WriteResult } from "../statement.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import type { TableDefinition } from "../table.ts";
import { utcTimeText } from "../time-text.ts";
import { writeTroubleOf } from "../write-trouble.ts";
import type { SqliteConnection } from "./connection.ts";
import { convertSqliteError } from "./errors.ts";
import { type SqliteFile, type TemporaryStore, useTemporaryStore } from "./file.ts";
import { ReadLock } from "./read-lock.ts";
import { SqliteTable } from "./table.ts";
import { SqliteTransaction } from "./transaction.ts";
import { SqliteWriter } from "./writer.ts";

/** A SQLite database: writes take turns on one connection, reads see what is committed on another. */
export class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly times = utcTimeText;
  readonly wallTimes = utcTimeText;
  readonly zoneTimes = utcTimeText;
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly query: Kysely<AnyTables>;
  readonly #file: SqliteFile;
  readonly #writer: SqliteWriter;
  readonly #readLock: ReadLock;
  readonly #tables = new Map<string, TableDefinition>();

  constructor(file: SqliteFile, runtime: Runtime, observer: Observer) {
    this.runtime = runtime;
    this.observer = observer;
    this.#file = file;
    this.#readLock = new ReadLock(file.reader, runtime);
    this.#writer = new SqliteWriter(file.writer, {
      runtime,
      observer,
      beforeBegin: () => this.#readLock.release(),
      afterCommit: () => file.committed(),
      convert: (error) => convertSqliteError(error, this.#tables),
    });
    this.query = createKysely("sqlite", this, this.times);
  }

  /**
   * The connection that reads outside transactions use. The writer keeps its cached pages over its own
   * commits, where another connection must fetch again whatever has changed; so it reads as well, unless a
   * transaction on it holds what is not committed.
   */
  get #forReads(): SqliteConnection {
    if (this.#writer.isTransacting) return this.#file.reader;
    this.#readLock.hold();
    return this.#file.writer;
  }

  async read(statement: Statement): Promise<readonly RawRow[]> {
    return this.#converting(() => this.#forReads.read(statement));
  }

  /** The values of the first row of a statement, at once: a read never waits for a writer. */
  find(statement: Statement): RawCells | undefined {
    return this.#converting(() => this.#forReads.find(statement));
  }

  write(statement: Statement): Promise<WriteResult> {
    return retryBusy(this.runtime, () => this.#writer.write(statement));
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return retryBusy(this.runtime, async () => {
      const tx = new SqliteTransaction(this.#file.writer, this.#tables);
      let end: TransactionEnd = "rolledBack";
      try {
        const result = await this.#writer.transact(() => tx.run(work));
        end = "committed";
        return result;
      } finally {
        // The next writer need not wait for this.
        await tx.settle(end);
      }
    });
  }

  /** Transactions share their commits anyway. */
  share<T>(work: (tx: RowTransaction) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  /** On a connection of its own, as the others read anew for each statement; between two, others have their turn. */
  async snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const reader = await retryBusy(this.runtime, async () => this.#openSnapshot());
    try {
      return await work({
        read: async (statement) => {
          await new Promise<void>((resolve) => this.runtime.setImmediate(resolve));
          return this.#converting(() => reader.read(statement));
        },
      });
    } finally {
      reader.close();
    }
  }

  /** SQLite's schema changes are transactional, and BEGIN IMMEDIATE keeps other processes out. */
  async migrationSession<T>(_owner: string, work: (session: MigrationSession) => Promise<T>): Promise<T> {
    await this.#useTemporaryStore("FILE");
    try {
      return await this.transaction((tx) => work({ query: tx.query, step: (part) => part() }));
    } finally {
      await this.#useTemporaryStore("MEMORY");
    }
  }

  openTable(table: TableDefinition): TableStore {
    this.#tables.set(table.name, table);
    return new SqliteTable(this, table);
  }

  async ping(): Promise<void> {
    await this.read({ sql: "SELECT 1", parameters: [] });
  }

  /**
   * By a commit to the file, whose number for the application stays what it is: a full disk shows itself to nothing
   * less.
   */
  async writeTrouble(): Promise<string | undefined> {
    try {
      const [row] = await this.read({ sql: "PRAGMA user_version", parameters: [] });
      await this.#writer.write({ sql: `PRAGMA user_version = ${Number(row?.user_version)}`, parameters: [] });
      return undefined;
    } catch (error) {
      return writeTroubleOf(error);
    }
  }

  /** Closes the file once the work in hand has ended. */
  close(): Promise<void> {
    return this.#writer.runAlone(async () => {
      this.#readLock.release();
      await this.#file.close();
    });
  }

  #useTemporaryStore(store: TemporaryStore): Promise<void> {
    return this.#writer.runAlone(async () => {
      this.#readLock.release();
      useTemporaryStore(this.#file.writer, store);
    });
  }

  #openSnapshot(): SqliteConnection {
    const reader = this.#converting(() => this.#file.openReader());
    if (reader.beginRead()) return reader;
    reader.close();
    throw new DatabaseBusyError(new Error("SQLite could not begin to read"));
  }

  #converting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw convertSqliteError(error, this.#tables);
    }
  }
}
