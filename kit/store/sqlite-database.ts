import type { Runtime } from "@mall/kit/context";
import type { Observer } from "@mall/kit/observe";
import type { Kysely } from "kysely";
import { AfterEnd } from "./after-end.ts";
import type {
  AnyTables,
  Database,
  RawCells,
  RawRow,
  Snapshot,
  Statement,
  TableStore,
  Transaction,
  TransactionEnd,
  WriteResult,
} from "./database.ts";
import { FifoLock } from "./fifo-lock.ts";
import { createKysely } from "./kysely-runner.ts";
import { ReadLock } from "./read-lock.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { convertSqliteError } from "./sqlite-errors.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { SqliteTable } from "./sqlite-table.ts";
import { DatabaseBusyError } from "./store-errors.ts";
import type { TableDefinition } from "./table.ts";
import { utcTimeText } from "./time-text.ts";

/** A SQLite database: writes take turns on one connection, reads see what is committed on another. */
export class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly times = utcTimeText;
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly query: Kysely<AnyTables>;
  readonly #file: SqliteFile;
  readonly #lock: FifoLock;
  readonly #readLock: ReadLock;
  readonly #tables = new Map<string, TableDefinition>();
  /** Whether a transaction is open on the writer. */
  #isTransacting = false;

  constructor(file: SqliteFile, runtime: Runtime, observer: Observer) {
    this.runtime = runtime;
    this.observer = observer;
    this.#file = file;
    this.#lock = new FifoLock(runtime);
    this.#readLock = new ReadLock(file.reader, runtime);
    this.query = createKysely("sqlite", this, this.times);
  }

  /**
   * The connection that reads outside transactions use. The writer keeps its cached pages over its own
   * commits, where another connection must fetch again whatever has changed; so it reads as well, unless a
   * transaction on it holds what is not committed.
   */
  get #forReads(): SqliteConnection {
    if (this.#isTransacting) return this.#file.reader;
    this.#readLock.hold();
    return this.#file.writer;
  }

  get #forWrites(): SqliteConnection {
    this.#readLock.release();
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
    return retryBusy(this.runtime, () =>
      this.#lock.run(() => this.#converting(() => this.#forWrites.write(statement))),
    );
  }

  /**
   * Runs statements in one transaction without a pause between them, so that they share one commit. A row
   * that breaks a constraint fails alone; a failing commit, or an error that ended the transaction, fails all.
   */
  writeAll(statements: readonly Statement[]): Promise<(WriteResult | Error)[]> {
    return retryBusy(this.runtime, () => this.#lock.run(() => this.#writeAllNow(statements)));
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return retryBusy(this.runtime, async () => {
      const afterEnd = new AfterEnd();
      let end: TransactionEnd = "rolledBack";
      try {
        const result = await this.#lock.run(() => this.#transactOnce(work, afterEnd));
        end = "committed";
        return result;
      } finally {
        // The next writer need not wait for this.
        await afterEnd.run(end);
      }
    });
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
  migrationSession<T>(work: (query: Kysely<AnyTables>) => Promise<T>): Promise<T> {
    return this.transaction((tx) => work(tx.query));
  }

  openTable(table: TableDefinition): TableStore {
    this.#tables.set(table.name, table);
    return new SqliteTable(this, table);
  }

  async ping(): Promise<void> {
    await this.read({ sql: "SELECT 1", parameters: [] });
  }

  /** Closes the file once the work in hand has ended. */
  close(): Promise<void> {
    return this.#lock.run(() => {
      this.#readLock.release();
      this.#file.close();
    });
  }

  #openSnapshot(): SqliteConnection {
    const reader = this.#converting(() => this.#file.openReader());
    if (reader.beginRead()) return reader;
    reader.close();
    throw new DatabaseBusyError(new Error("SQLite could not begin to read"));
  }

  #writeAllNow(statements: readonly Statement[]): (WriteResult | Error)[] {
    const writer = this.#forWrites;
    return this.#converting(() => {
      writer.control("BEGIN IMMEDIATE");
      try {
        const results = statements.map((statement) => this.#writeOrError(statement));
        writer.control("COMMIT");
        return results;
      } catch (error) {
        if (writer.inTransaction) writer.control("ROLLBACK");
        throw error;
      }
    });
  }

  #writeOrError(statement: Statement): WriteResult | Error {
    const { writer } = this.#file;
    try {
      return writer.write(statement);
    } catch (error) {
      if (!writer.inTransaction) throw error;
      return convertSqliteError(error, this.#tables);
    }
  }

  async #transactOnce<T>(work: (tx: Transaction) => Promise<T>, afterEnd: AfterEnd): Promise<T> {
    const writer = this.#forWrites;
    this.#converting(() => writer.control("BEGIN IMMEDIATE"));
    const tx = new SqliteTransaction(writer, this.#tables, afterEnd);
    this.#isTransacting = true;
    try {
      const result = await work(tx);
      tx.end();
      this.#converting(() => writer.control("COMMIT"));
      return result;
    } catch (error) {
      tx.end();
      if (writer.inTransaction) this.#converting(() => writer.control("ROLLBACK"));
      throw error;
    } finally {
      this.#isTransacting = false;
    }
  }

  #converting<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw convertSqliteError(error, this.#tables);
    }
  }
}

class SqliteTransaction implements Transaction {
  readonly #writer: SqliteConnection;
  readonly #tables: ReadonlyMap<string, TableDefinition>;
  readonly #afterEnd: AfterEnd;
  #query: Kysely<AnyTables> | undefined;
  #ended = false;

  constructor(writer: SqliteConnection, tables: ReadonlyMap<string, TableDefinition>, afterEnd: AfterEnd) {
    this.#writer = writer;
    this.#tables = tables;
    this.#afterEnd = afterEnd;
  }

  get query(): Kysely<AnyTables> {
    this.#query ??= createKysely("sqlite", this, utcTimeText);
    return this.#query;
  }

  async read(statement: Statement): Promise<readonly RawRow[]> {
    return this.#run(() => this.#writer.read(statement));
  }

  async write(statement: Statement): Promise<WriteResult> {
    return this.#run(() => this.#writer.write(statement));
  }

  afterEnd(work: (end: TransactionEnd) => Promise<void>): void {
    this.#afterEnd.add(work);
  }

  end(): void {
    this.#ended = true;
  }

  #run<T>(work: () => T): T {
    if (this.#ended) throw new Error("this transaction has ended");
    if (!this.#writer.inTransaction) throw new DatabaseBusyError(new Error("SQLite ended the transaction"));
    try {
      return work();
    } catch (error) {
      throw convertSqliteError(error, this.#tables);
    }
  }
}
