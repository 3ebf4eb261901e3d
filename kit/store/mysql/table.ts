import { createBatcher } from "@mall/kit/async";
import type { Observer } from "@mall/kit/observe";
import type { Database, TableStore, Transaction } from "../database.ts";
import { observeShare } from "../observe-share.ts";
import { retryBusy } from "../retry-busy.ts";
import type { RowValues } from "../row-statements.ts";
import type { RawCells, RawRow, SqlValue } from "../statement.ts";
import type { ColumnDefinition, TableDefinition } from "../table.ts";
import { keyColumns } from "../table-key.ts";
import { TableSql } from "../table-sql.ts";
import type { MysqlConnection } from "./connection.ts";
import { isRowError, isValueRefusal } from "./errors.ts";
import { cellsOf, keyText } from "./key-text.ts";
import { STATEMENT_BYTES_MAX, statementBytes } from "./statement-bytes.ts";

/** With one batch in flight all callers move in lockstep; more than two gain nothing. */
const BATCHES_IN_FLIGHT_MAX = 2;

/** What a table asks of its database. */
interface Statements extends Pick<Database, "runtime" | "read" | "transaction"> {
  readonly observer: Observer;
  onConnection<T>(work: (connection: MysqlConnection) => Promise<T>): Promise<T>;
}

type Find = (values: readonly SqlValue[]) => Promise<RawCells | undefined>;

/** A table in MySQL: reads of one tick are one `IN (…)`, inserts of one tick one statement. */
export class MysqlTable implements TableStore {
  readonly #database: Statements;
  readonly #table: TableDefinition;
  readonly #sql: TableSql;
  readonly #insertBatched: (values: RowValues) => Promise<number>;
  readonly #findBatched: ReadonlyMap<string, Find>;

  constructor(database: Statements, table: TableDefinition) {
    this.#database = database;
    this.#table = table;
    this.#sql = new TableSql(table, "mysql");
    this.#insertBatched = createBatcher(
      database.runtime,
      { inFlightMax: BATCHES_IN_FLIGHT_MAX },
      (rows: readonly RowValues[]) => this.#insertMany(rows),
    );
    const finders: [string, Find][] = [];
    for (const [key, columns] of keyColumns(table)) finders.push([key, this.#createFind(columns)]);
    this.#findBatched = new Map(finders);
  }

  insert(values: RowValues): Promise<number> {
    return observeShare(this.#database.observer, "exec", this.#insertBatched(values));
  }

  find(key: string, values: readonly SqlValue[]): Promise<RawCells | undefined> {
    const find = this.#findBatched.get(key);
    if (find === undefined) throw new Error(`no unique key ${key}`);
    return observeShare(this.#database.observer, "query", find(values));
  }

  #createFind(columns: readonly ColumnDefinition[]): Find {
    const selects = new Map<number, string>();
    return createBatcher(this.#database.runtime, { inFlightMax: BATCHES_IN_FLIGHT_MAX }, async (keys) => {
      const asked = new Map(keys.map((values) => [keyText(columns, values), values]));
      let sql = selects.get(asked.size);
      if (sql === undefined) {
        sql = this.#sql.selectMany(columns, asked.size);
        selects.set(asked.size, sql);
      }
      const raws = await this.#readThoseThatCanBe(columns, sql, [...asked.values()]);
      const found = new Map(
        raws.map((raw) => [keyText(columns, cellsOf(columns, raw)), cellsOf(this.#table.columns, raw)]),
      );
      return keys.map((values) => found.get(keyText(columns, values)));
    });
  }

  /** What a column cannot hold, e.g. an emoji in `utf8mb3`, is no row's; it must not spoil the others' look. */
  async #readThoseThatCanBe(
    columns: readonly ColumnDefinition[],
    sql: string,
    keys: readonly (readonly SqlValue[])[],
  ): Promise<readonly RawRow[]> {
    try {
      return await this.#database.read({ sql, parameters: keys.flat() });
    } catch (error) {
      if (!isValueRefusal(error)) throw error;
      if (keys.length === 1) return [];
      const one = this.#sql.selectMany(columns, 1);
      const rows = await Promise.all(keys.map((key) => this.#readThoseThatCanBe(columns, one, [key])));
      return rows.flat();
    }
  }

  /** All rows in one statement; if one of them is bad, each by itself, so that it alone fails. */
  async #insertMany(rows: readonly RowValues[]): Promise<(number | Error)[]> {
    if (statementBytes(rows) > STATEMENT_BYTES_MAX) return this.#insertApart(rows);
    try {
      return await retryBusy(this.#database.runtime, () => this.#insertTogether(rows));
    } catch (error) {
      if (!isRowError(error)) throw error;
      return rows.length === 1 ? [error] : this.#insertApart(rows);
    }
  }

  /**
   * No id is computed from another: which distance they have is the server's own business, and changes in an open
   * session where a node joins or leaves a cluster. A server that does not tell them all is asked row by row.
   */
  async #insertTogether(rows: readonly RowValues[]): Promise<(number | Error)[]> {
    const [first] = rows;
    const returned = await this.#database.onConnection(async (connection) => {
      if (first !== undefined && rows.length === 1) {
        return [(await connection.write(this.#sql.insert([first]))).insertId];
      }
      if (!connection.server.returnsInserted) return undefined;
      const { rows: inserted } = await connection.write(this.#sql.insertReturningIds(rows));
      return inserted.map((row) => Number(row[this.#sql.primary.name]));
    });
    return returned ?? this.#insertApart(rows);
  }

  /** One transaction, so that the good rows still share one commit; a failing statement undoes only itself. */
  #insertApart(rows: readonly RowValues[]): Promise<(number | Error)[]> {
    return this.#database.transaction(async (tx) => {
      const results: (number | Error)[] = [];
      for (const row of rows) results.push(await this.#insertOrError(tx, row));
      return results;
    });
  }

  async #insertOrError(tx: Transaction, row: RowValues): Promise<number | Error> {
    try {
      return (await tx.write(this.#sql.insert([row]))).insertId;
    } catch (error) {
      if (isRowError(error)) return error;
      throw error;
    }
  }
}
