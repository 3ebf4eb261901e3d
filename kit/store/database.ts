import type { Runtime } from "@mall/kit/runtime";
import type { Kysely } from "kysely";
import type { RowStatements } from "./row-statements.ts";
import type { Dialect, RawCells, SqlValue, StatementRunner } from "./statement.ts";
import type { TableDefinition } from "./table.ts";

/** The wall-clock text of a database's time columns. */
export interface TimeText {
  toText(time: Date): string;
  toDate(text: string): Date;
}

/** The tables of queries that the contracts do not type: any table, any column. */
export type AnyTables = Record<string, Record<string, unknown>>;

/** How a transaction ended; unknown where the connection was lost on its commit. */
export type TransactionEnd = "committed" | "rolledBack" | "unknown";

/**
 * What a transaction is to work that changes rows one by one, through the models. All that such work decides by is a
 * row that it has locked, or compares as it changes it, so that it may share a transaction with the work of others:
 * see Database.share. Unusable once the work has ended.
 */
export interface RowTransaction {
  /** Its statements, for the models. */
  readonly rows: RowStatements;
  /**
   * Does `work` once this transaction has ended, however it ends; whoever waits for the transaction waits for
   * that too. `work` must not reject.
   */
  afterEnd(work: (end: TransactionEnd) => Promise<void>): void;
}

/** One open transaction; unusable once the work it was handed to has ended. */
export interface Transaction extends StatementRunner, RowTransaction {
  /**
   * Kysely inside this transaction. A `Date` may be given as a parameter for a `timestamp` column; time columns come
   * back as the text the database holds (a TableModel's rows carry dates).
   */
  readonly query: Kysely<AnyTables>;
}

/** Reads what was committed at one moment; errors as in StatementRunner. */
export type Snapshot = Pick<StatementRunner, "read">;

/** How a transaction differs from the usual one. */
export interface TransactionOptions {
  /**
   * What the transaction sees and locks: by default what the server is set to, which is repeatable reads. With
   * `read committed` MySQL locks no gaps between rows. SQLite's transactions come one after the other anyway.
   */
  readonly isolation?: "read committed";
}

/** What migrates has: statements may take any time. */
export interface MigrationSession {
  readonly query: Kysely<AnyTables>;
  /**
   * Does a part of the migration that can be done again: it is where others were in the way.
   *
   * @throws AppError ABORTED MIGRATION_TAKEN_OVER where this process stood still and another migrates by now; what
   * `work` throws.
   */
  step(work: () => Promise<void>): Promise<void>;
}

/** The statements of one table whose shape differs by dialect. */
export interface TableStore {
  /** Inserts one row, values in the order of the table's insert columns (undefined: the column's default). */
  insert(values: readonly (SqlValue | undefined)[]): Promise<number>;
  /**
   * The row whose columns of the key have these values, compared as the database's collation does. SQLite knows
   * it at once, and a promise costs as much as the look.
   */
  find(key: string, values: readonly SqlValue[]): RawCells | undefined | Promise<RawCells | undefined>;
}

/** A database of one service. */
export interface Database extends StatementRunner {
  readonly dialect: Dialect;
  readonly runtime: Runtime;
  /** Of `timestamp` columns: an instant. */
  readonly times: TimeText;
  /** Of `datetime` columns, which MySQL keeps as the wall-clock time that it is given. */
  readonly wallTimes: TimeText;
  /** Times as the zone of the data source shows them; not what the database holds. */
  readonly zoneTimes: TimeText;
  /** Kysely outside of a transaction; times as in Transaction.query. */
  readonly query: Kysely<AnyTables>;
  /**
   * Runs `work` in one transaction: committed if it resolves, rolled back if it rejects. `work` runs again
   * if the database asks for it (deadlock, lock wait), so it must not have effects outside `tx`.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * As `transaction`, for work that changes rows one by one. Where the database is a server, what asks for it in one
   * tick shares one transaction, in which statements of one shape are one statement: what costs is the way. Each has
   * its effect or none, whatever becomes of the others, unless the connection is lost on the commit: then nobody knows
   * of any of them. `work` may run several times.
   */
  share<T>(work: (tx: RowTransaction) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on what is committed when it begins, however long it takes; nobody waits for it, and it for nobody.
   */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Runs `work` in a session that no other migration of the same owner runs beside, on any node of a cluster. */
  migrationSession<T>(owner: string, work: (session: MigrationSession) => Promise<T>): Promise<T>;
  /** The fast path of one table, used by createTableModel. */
  openTable(table: TableDefinition): TableStore;
  /** Rejects with UNAVAILABLE if the database does not answer. */
  ping(): Promise<void>;
  /**
   * What keeps it from taking writes now, in words that anybody may read; undefined for nothing. Never rejects. It
   * costs one statement at most, and changes no row.
   */
  writeTrouble(): Promise<string | undefined>;
  close(): Promise<void>;
}
