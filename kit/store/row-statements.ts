import type { RawRow, SqlValue, StatementRunner } from "./statement.ts";
import type { ColumnDefinition } from "./table.ts";
import type { ColumnValue, RowChange, RowDecrease, TableSql } from "./table-sql.ts";

/** The values of a new row in the order of its table's insert columns; undefined is the column's default. */
export type RowValues = readonly (SqlValue | undefined)[];

/** Which rows are looked for: those with these values in these columns. */
export interface RowKey {
  readonly columns: readonly ColumnDefinition[];
  readonly values: readonly SqlValue[];
  /** Whether the transaction may change them: others wait for its end. */
  readonly locks: boolean;
}

/** Statements about one row each, in a transaction. Errors as in StatementRunner. */
export interface RowStatements {
  /** The id of the new row. */
  insert(table: TableSql, values: RowValues): Promise<number>;
  /** Rows whose ids nobody needs. */
  insertAll(table: TableSql, rows: readonly RowValues[]): Promise<void>;
  find(table: TableSql, key: RowKey): Promise<readonly RawRow[]>;
  /** Whether the row was as it must be, and is changed. */
  update(table: TableSql, change: RowChange): Promise<boolean>;
  /**
   * Whether the row was as it must be, and has so much less now. Several who share a transaction may decrease one row.
   */
  decrease(table: TableSql, decrease: RowDecrease): Promise<boolean>;
  /** Whether the row was as it must be, its primary key first, and is gone. */
  delete(table: TableSql, where: readonly ColumnValue[]): Promise<boolean>;
}

/** The statements of a transaction that nobody shares, one by one. */
export function rowStatements(runner: StatementRunner): RowStatements {
  return {
    insert: async (table, values) => (await runner.write(table.insert([values]))).insertId,
    insertAll: async (table, rows) => {
      for (const statement of table.insertAll(rows)) await runner.write(statement);
    },
    find: (table, { columns, values, locks }) =>
      runner.read({ sql: table.selectOne(columns, locks), parameters: values }),
    update: async (table, { changes, where }) =>
      (await runner.write(table.update(changes, where))).changes > 0,
    decrease: async (table, decrease) => (await runner.write(table.decreaseEach([decrease]))).changes > 0,
    delete: async (table, where) => (await runner.write(table.delete(where))).changes > 0,
  };
}
