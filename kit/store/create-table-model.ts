import type { Cache } from "@mall/kit/cache";
import { CachedTable } from "./cached/table.ts";
import { CachedView } from "./cached/view.ts";
import type { Database } from "./database.ts";
import { StoredTable } from "./stored-table.ts";
import type { RowId, TableDefinition } from "./table.ts";
import type { RowView, TableModel } from "./table-model.ts";

/** How a cached model differs from the one goctl generates. */
export interface CachedModelOptions {
  /**
   * Unique keys whose entries hold the row itself. goctl's hold the primary key only; models written by hand,
   * for a key that is not unique in Go's table, keep the row, and do not remove it when the row changes.
   */
  readonly rowsUnder?: readonly string[];
}

/**
 * The model of a table that `Row`, `NewRow` and `Columns` describe; they come from the same contract. It reads from
 * the database. With a cache, its changes remove the entries of go-zero's cached models.
 *
 * @throws Error if the table's contract was generated without a cache and one is given.
 */
export function createTableModel<
  Row extends object,
  NewRow extends object,
  Columns,
  Id extends RowId = number,
>(
  database: Database,
  table: TableDefinition,
  cache?: Cache,
  options: CachedModelOptions = {},
): TableModel<Row, NewRow, Columns, Id> {
  const stored = new StoredTable<Row, NewRow, Columns, Id>(database, table);
  const model: TableModel<Row, NewRow, Columns, Id> =
    cache === undefined ? stored : new CachedTable({ stored, database, table, cache, ...options });
  return {
    insert: (row, tx) => model.insert(row, tx),
    insertAll: (rows, tx) => model.insertAll(rows, tx),
    findOne: (id, tx) => model.findOne(id, tx),
    lockOne: (id, tx) => model.lockOne(id, tx),
    findOneBy: (uniqueKey, values) => model.findOneBy(uniqueKey, values),
    update: (id, changes, change) => model.update(id, changes, change),
    decrease: (id, decrease, change) => model.decrease(id, decrease, change),
    delete: (id, change) => model.delete(id, change),
    findAllBy: (property, value, tx) => model.findAllBy(property, value, tx),
    findMany: (build, tx) => model.findMany(build, tx),
    updateMany: (ids, build, tx) => model.updateMany(ids, build, tx),
  };
}

/**
 * The same table for questions: with a cache, rows are read through it as go-zero's cached models do.
 *
 * @throws Error if the table's contract was generated without a cache and one is given.
 */
export function createRowView<Row extends object, Id extends RowId = number>(
  database: Database,
  table: TableDefinition,
  cache?: Cache,
  options: CachedModelOptions = {},
): RowView<Row, Id> {
  const stored = new StoredTable<Row, object, object, Id>(database, table);
  const view = cache === undefined ? stored : new CachedView({ stored, database, table, cache, ...options });
  return {
    findOne: (id) => view.findOne(id),
    findOneBy: (uniqueKey, values) => view.findOneBy(uniqueKey, values),
  };
}
