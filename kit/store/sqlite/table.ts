import type { TableStore } from "../database.ts";
import type { RawCells, SqlValue, Statement, WriteResult } from "../statement.ts";
import type { TableDefinition } from "../table.ts";
import { keyColumns } from "../table-key.ts";
import { TableSql } from "../table-sql.ts";

/** What a table asks of its database. */
interface Statements {
  write(statement: Statement): Promise<WriteResult>;
  find(statement: Statement): RawCells | undefined;
}

/** A table in SQLite: a read and an insert are one prepared statement each. */
export class SqliteTable implements TableStore {
  readonly #database: Statements;
  readonly #sql: TableSql;
  readonly #selects: ReadonlyMap<string, string>;

  constructor(database: Statements, table: TableDefinition) {
    this.#database = database;
    this.#sql = new TableSql(table, "sqlite");
    this.#selects = new Map(
      [...keyColumns(table)].map(([key, columns]) => [key, this.#sql.selectOne(columns)]),
    );
  }

  async insert(values: readonly (SqlValue | undefined)[]): Promise<number> {
    return (await this.#database.write(this.#sql.insert([values]))).insertId;
  }

  find(key: string, values: readonly SqlValue[]): RawCells | undefined {
    const sql = this.#selects.get(key);
    if (sql === undefined) throw new Error(`no unique key ${key}`);
    return this.#database.find({ sql, parameters: values });
  }
}
