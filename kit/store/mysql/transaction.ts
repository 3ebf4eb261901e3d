import type { Kysely } from "kysely";
import { AfterEnd } from "../after-end.ts";
import type { AnyTables, TimeText, Transaction, TransactionEnd, TransactionOptions } from "../database.ts";
import { createKysely } from "../kysely-runner.ts";
import { rowStatements } from "../row-statements.ts";
import type { RawRow, Statement, WriteResult } from "../statement.ts";
import { DatabaseBusyError } from "../store-errors.ts";
import type { MysqlConnection } from "./connection.ts";

/** A transaction on one connection of the pool, which it owns until commit or rollback. */
export class MysqlTransaction implements Transaction {
  readonly #connection: MysqlConnection;
  readonly #times: TimeText;
  readonly #afterEnd = new AfterEnd();
  readonly rows = rowStatements(this);
  #query: Kysely<AnyTables> | undefined;
  #ended = false;
  #lost: DatabaseBusyError | undefined;

  constructor(connection: MysqlConnection, times: TimeText) {
    this.#connection = connection;
    this.#times = times;
  }

  get query(): Kysely<AnyTables> {
    this.#query ??= createKysely("mysql", this, this.#times);
    return this.#query;
  }

  read(statement: Statement): Promise<readonly RawRow[]> {
    return this.#run(() => this.#connection.read(statement));
  }

  write(statement: Statement): Promise<WriteResult> {
    return this.#run(() => this.#connection.write(statement));
  }

  afterEnd(work: (end: TransactionEnd) => Promise<void>): void {
    this.#afterEnd.add(work);
  }

  /** Does what waits for the end. */
  settle(end: TransactionEnd): Promise<void> {
    return this.#afterEnd.run(end);
  }

  async begin(isolation: TransactionOptions["isolation"]): Promise<void> {
    if (isolation !== undefined) {
      const sql = `SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`;
      await this.#connection.write({ sql, parameters: [] });
    }
    await this.#connection.write({ sql: "BEGIN", parameters: [] });
  }

  async commit(): Promise<void> {
    this.#ended = true;
    if (this.#lost !== undefined) throw this.#lost;
    await this.#connection.write({ sql: "COMMIT", parameters: [] });
    this.#connection.release();
  }

  /** Never rejects: a connection that cannot roll back is closed, on which the server rolls back. */
  async rollback(): Promise<void> {
    this.#ended = true;
    try {
      await this.#connection.write({ sql: "ROLLBACK", parameters: [] });
      this.#connection.release();
    } catch {
      this.#connection.destroy();
    }
  }

  /**
   * After a deadlock the server has rolled everything back, and what followed would be committed statement
   * by statement: nothing may follow, even if the work swallowed the error.
   */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new Error("this transaction has ended");
    if (this.#lost !== undefined) throw this.#lost;
    try {
      return await work();
    } catch (error) {
      if (error instanceof DatabaseBusyError) this.#lost = error;
      throw error;
    }
  }
}
