import type { SelectQueryBuilder, UpdateQueryBuilder, UpdateResult } from "kysely";
import type { Database, RawRow, SqlValue, Transaction } from "./database.ts";
import { RowCodec } from "./row-codec.ts";
import type { ColumnDefinition, TableDefinition } from "./table.ts";
import { keyColumns, PRIMARY_KEY } from "./table-key.ts";
import { type ColumnValue, TableSql } from "./table-sql.ts";

/** A query over one table; any name stands for that table, as a query names no other. */
export type SelectOf<Columns> = SelectQueryBuilder<Record<string, Columns>, string, Columns>;
/** An update of one table, named as in SelectOf. */
export type UpdateOf<Columns> = UpdateQueryBuilder<Record<string, Columns>, string, string, UpdateResult>;

export interface ChangeOptions<Row> {
  /** What the row must hold for the change to happen: compare-and-set. */
  readonly expect?: Partial<Row>;
  readonly tx?: Transaction;
}

/**
 * The operations every table has. A value outside its column's limits is AppError INVALID_ARGUMENT naming
 * the property before any SQL; a lookup for such a value finds nothing. Other errors as in StatementRunner.
 */
export interface TableModel<Row, NewRow, Columns> {
  /**
   * The id of the new row. Without `tx`, inserts of one tick travel together and fail apart.
   *
   * @throws DuplicateKeyError
   */
  insert(row: NewRow, tx?: Transaction): Promise<number>;
  /** Without `tx`, reads of one tick travel together. */
  findOne(id: number, tx?: Transaction): Promise<Row | undefined>;
  /** The row with these values in a unique key; text must be the same byte by byte. */
  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined>;
  /**
   * Whether a row had this id (and held what was expected).
   *
   * @throws DuplicateKeyError
   */
  update(id: number, changes: Partial<NewRow>, options?: ChangeOptions<Row>): Promise<boolean>;
  delete(id: number, options?: ChangeOptions<Row>): Promise<boolean>;
  /** Rows of a query over this table, under SQL column names. */
  findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]>;
  /** The number of rows that matched. */
  updateMany(build: (query: UpdateOf<Columns>) => UpdateOf<Columns>, tx?: Transaction): Promise<number>;
}

/** The model of a table that `Row`, `NewRow` and `Columns` describe; they come from the same contract. */
export function createTableModel<Row extends object, NewRow extends object, Columns>(
  database: Database,
  table: TableDefinition,
): TableModel<Row, NewRow, Columns> {
  const model = new StoredTable<Row, NewRow, Columns>(database, table);
  return {
    insert: (row, tx) => model.insert(row, tx),
    findOne: (id, tx) => model.findOne(id, tx),
    findOneBy: (uniqueKey, values) => model.findOneBy(uniqueKey, values),
    update: (id, changes, options) => model.update(id, changes, options),
    delete: (id, options) => model.delete(id, options),
    findMany: (build, tx) => model.findMany(build, tx),
    updateMany: (build, tx) => model.updateMany(build, tx),
  };
}

class StoredTable<Row extends object, NewRow extends object, Columns> {
  readonly #database: Database;
  readonly #table: TableDefinition;
  readonly #store;
  readonly #sql: TableSql;
  readonly #codec: RowCodec;
  readonly #keys: ReadonlyMap<string, readonly ColumnDefinition[]>;
  readonly #updated: ColumnDefinition | undefined;

  constructor(database: Database, table: TableDefinition) {
    this.#database = database;
    this.#table = table;
    this.#store = database.openTable(table);
    this.#sql = new TableSql(table, database.dialect);
    this.#codec = new RowCodec(table, database.times);
    this.#keys = keyColumns(table);
    this.#updated = table.columns.find(({ managed }) => managed === "updated");
  }

  async insert(row: NewRow, tx?: Transaction): Promise<number> {
    const values = this.#codec.encodeInsert(row, this.#sql.insertColumns, this.#now());
    if (tx === undefined) return this.#store.insert(values);
    return (await tx.write(this.#sql.insert([values]))).insertId;
  }

  findOne(id: number, tx?: Transaction): Promise<Row | undefined> {
    return this.#find(PRIMARY_KEY, { [this.#table.primaryKey]: id }, tx);
  }

  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined> {
    return this.#find(uniqueKey, { ...values });
  }

  async update(id: number, changes: Partial<NewRow>, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const encoded = this.#codec.encodeChanges(changes);
    const where = this.#where(id, options.expect);
    if (where === undefined) return false;
    const runner = options.tx ?? this.#database;
    if (encoded.length === 0) return (await runner.read(this.#sql.exists(where))).length > 0;
    const statement = this.#sql.update([...encoded, ...this.#updateTime()], where);
    return (await runner.write(statement)).changes > 0;
  }

  async delete(id: number, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const where = this.#where(id, options.expect);
    if (where === undefined) return false;
    return (await (options.tx ?? this.#database).write(this.#sql.delete(where))).changes > 0;
  }

  async findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]> {
    const { query } = tx ?? this.#database;
    // The contract's columns stand for the untyped tables of the database.
    const all = query.selectFrom(this.#table.name).selectAll() as unknown as SelectOf<Columns>;
    const rows = (await build(all).execute()) as readonly RawRow[];
    return rows.map((raw) => this.#codec.decode(raw) as Row);
  }

  async updateMany(
    build: (query: UpdateOf<Columns>) => UpdateOf<Columns>,
    tx?: Transaction,
  ): Promise<number> {
    const { query } = tx ?? this.#database;
    const times = Object.fromEntries(this.#updateTime().map(({ column, value }) => [column.name, value]));
    // As in findMany.
    const update = query.updateTable(this.#table.name).set(times) as unknown as UpdateOf<Columns>;
    const result = await build(update).executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async #find(key: string, values: Record<string, unknown>, tx?: Transaction): Promise<Row | undefined> {
    const columns = this.#keys.get(key);
    if (columns === undefined) throw new Error(`table ${this.#table.name} has no unique key ${key}`);
    const encoded = this.#codec.encodeKey(columns, values);
    if (encoded === undefined) return undefined;
    const raw = await this.#findRaw({ key, columns, encoded }, tx);
    if (raw === undefined) return undefined;
    const row = this.#codec.decode(raw);
    return columns.every(({ property }) => isSame(row[property], values[property]))
      ? (row as Row)
      : undefined;
  }

  async #findRaw(
    lookup: { key: string; columns: readonly ColumnDefinition[]; encoded: SqlValue[] },
    tx?: Transaction,
  ) {
    if (tx === undefined) return this.#store.find(lookup.key, lookup.encoded);
    const sql = this.#sql.selectOne(lookup.columns);
    return (await tx.read({ sql, parameters: lookup.encoded }))[0];
  }

  /** The conditions of a change, or undefined if no row can have this id. */
  #where(id: number, expect: Partial<Row> | undefined): ColumnValue[] | undefined {
    const { primary } = this.#sql;
    const [value] = this.#codec.encodeKey([primary], { [primary.property]: id }) ?? [];
    if (value === undefined) return undefined;
    return [{ column: primary, value }, ...this.#codec.encodeConditions(expect ?? {})];
  }

  /** The managed update time; MySQL keeps its own. */
  #updateTime(): ColumnValue[] {
    if (this.#updated === undefined || this.#database.dialect === "mysql") return [];
    return [{ column: this.#updated, value: this.#database.times.toText(this.#now()) }];
  }

  #now(): Date {
    return new Date(this.#database.runtime.now());
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
