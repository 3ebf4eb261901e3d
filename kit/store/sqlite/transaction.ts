import type { Kysely } from "kysely";
import { AfterEnd } from "../after-end.ts";
import type { AnyTables, Transaction, TransactionEnd } from "../database.ts";
import { createKysely } from "../kysely-runner.ts";
import { rowStatements } from "../row-statements.ts";
import type { RawRow, Statement, WriteResult } from "../statement.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import type { TableDefinition } from "../table.ts";
import { utcTimeText } from "../time-text.ts";
import type { SqliteConnection } from "./connection.ts";
import { convertSqliteError } from "./errors.ts";

/** A transaction on the connection that writes, which it has until its work has ended. */
export class SqliteTransaction implements Transaction {
  readonly #writer: SqliteConnection;
  readonly #tables: ReadonlyMap<string, TableDefinition>;
  readonly #afterEnd = new AfterEnd();
  readonly rows = rowStatements(this);
  #query: Kysely<AnyTables> | undefined;
  #ended = false;

  constructor(writer: SqliteConnection, tables: ReadonlyMap<string, TableDefinition>) {
    this.#writer = writer;
    this.#tables = tables;
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

  /** Runs its work, after which it cannot be used any more. */
  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } finally {
      this.#ended = true;
    }
  }

  /** Does what waits for the end. */
  settle(end: TransactionEnd): Promise<void> {
    return this.#afterEnd.run(end);
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
