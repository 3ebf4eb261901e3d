import { createBatcher } from "@mall/kit/context";
import type { RawCells, SqlValue, Statement, TableStore } from "./database.ts";
import { observeUntil } from "./observe-statement.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import type { TableDefinition } from "./table.ts";
import { keyColumns } from "./table-key.ts";
import { TableSql } from "./table-sql.ts";

/** One batch at a time: there is one writer, and what arrives meanwhile shares the next commit. */
const BATCHES_IN_FLIGHT_MAX = 1;

/** A table in SQLite: a read is one prepared statement, inserts of one tick share one commit. */
export class SqliteTable implements TableStore {
  readonly #database: SqliteDatabase;
  readonly #sql: TableSql;
  readonly #insertBatched: (statement: Statement) => Promise<number>;
  readonly #selects: ReadonlyMap<string, string>;

  constructor(database: SqliteDatabase, table: TableDefinition) {
    this.#database = database;
    this.#sql = new TableSql(table, "sqlite");
    this.#selects = new Map(
      [...keyColumns(table)].map(([key, columns]) => [key, this.#sql.selectOne(columns)]),
    );
    this.#insertBatched = createBatcher(
      database.runtime,
      { inFlightMax: BATCHES_IN_FLIGHT_MAX, gather: true },
      async (statements: readonly Statement[]) => {
        const results = await database.writeAll(statements);
        return results.map((result) => (result instanceof Error ? result : result.insertId));
      },
    );
  }

  insert(values: readonly (SqlValue | undefined)[]): Promise<number> {
    const observation = this.#database.observer.sqlShare?.("execStmt");
    const inserted = this.#insertBatched(this.#sql.insert([values]));
    return observation === undefined ? inserted : observeUntil(observation, inserted);
  }

  find(key: string, values: readonly SqlValue[]): RawCells | undefined {
    const sql = this.#selects.get(key);
    if (sql === undefined) throw new Error(`no unique key ${key}`);
    return this.#database.find({ sql, parameters: values });
  }
}
