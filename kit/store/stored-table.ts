import { invalidArgument } from "@mall/kit/errors";
import { ColumnNode } from "kysely";
import type { Database, RowTransaction, Transaction } from "./database.ts";
import { RowCodec } from "./row-codec.ts";
import type { RawRow, SqlValue } from "./statement.ts";
import type { ColumnDefinition, RowId, TableDefinition } from "./table.ts";
import { keyColumns, PRIMARY_KEY } from "./table-key.ts";
import type { ChangeOptions, Decrease, SelectOf, TableModel, UpdateOf } from "./table-model.ts";
import { type ColumnValue, TableSql } from "./table-sql.ts";

/** A table's rows as the database has them. */
export class StoredTable<Row extends object, NewRow extends object, Columns, Id extends RowId = number>
  implements TableModel<Row, NewRow, Columns, Id>
{
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
    this.#codec = new RowCodec(table, database);
    this.#keys = keyColumns(table);
    this.#updated = table.columns.find(({ managed }) => managed === "updated");
  }

  async insert(row: NewRow, tx?: RowTransaction): Promise<Id> {
    const values = this.#encodeInsert(row);
    const given = await (tx === undefined ? this.#store.insert(values) : tx.rows.insert(this.#sql, values));
    // The type of the id is that of its column in the contract.
    return (this.#sql.idOf(values) ?? given) as Id;
  }

  async insertAll(rows: readonly NewRow[], tx: RowTransaction): Promise<void> {
    const all = rows.map((row) => this.#encodeInsert(row));
    await tx.rows.insertAll(this.#sql, all);
  }

  findOne(id: Id, tx?: RowTransaction): Promise<Row | undefined> {
    return this.#find(PRIMARY_KEY, [id], tx);
  }

  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined> {
    const columns = this.#keys.get(uniqueKey) ?? [];
    return this.#find(
      uniqueKey,
      columns.map(({ property }) => Reflect.get(values, property)),
    );
  }

  async update(id: Id, changes: Partial<NewRow>, options: ChangeOptions<Row> = {}): Promise<boolean> {
    if (Object.hasOwn(changes, this.#table.primaryKey))
      throw invalidArgument(this.#table.primaryKey, "is what the row is known by, and stays");
    const encoded = this.#codec.encodeChanges(changes);
    const where = this.#where(id, options.expect);
    if (where === undefined) return false;
    if (encoded.length === 0) return this.#isThere(id, options);
    const changed = [...encoded, ...this.#updateTime()];
    if (options.tx !== undefined) return options.tx.rows.update(this.#sql, { changes: changed, where });
    return (await this.#database.write(this.#sql.update(changed, where))).changes > 0;
  }

  async decrease(
    id: Id,
    { property, amount }: Decrease<Row>,
    { expect, tx }: ChangeOptions<Row> = {},
  ): Promise<boolean> {
    const where = this.#where(id, expect);
    const column = this.#table.columns.find((each) => each.property === property);
    if (column === undefined) throw new Error(`table ${this.#table.name} has no column ${property}`);
    if (where === undefined) return false;
    const decrease = { column, amount, changes: this.#updateTime(), where };
    if (tx !== undefined) return tx.rows.decrease(this.#sql, decrease);
    return (await this.#database.write(this.#sql.decreaseEach([decrease]))).changes > 0;
  }

  async delete(id: Id, options: ChangeOptions<Row> = {}): Promise<boolean> {
    const where = this.#where(id, options.expect);
    if (where === undefined) return false;
    if (options.tx !== undefined) return options.tx.rows.delete(this.#sql, where);
    return (await this.#database.write(this.#sql.delete(where))).changes > 0;
  }

  async findAllBy(property: string, value: unknown, tx: RowTransaction): Promise<Row[]> {
    const columns = this.#table.columns.filter((column) => column.property === property);
    const values = this.#codec.encodeKey(columns, [value]);
    if (values === undefined) return [];
    const raws = await tx.rows.find(this.#sql, { columns, values, locks: false });
    const rows = raws.map((raw) => this.#codec.decode(raw));
    const id = this.#table.primaryKey;
    return rows.sort((one, other) => compareIds(one[id], other[id])) as Row[];
  }

  async findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]> {
    const { query } = tx ?? this.#database;
    // The contract's columns stand for the untyped tables of the database.
    const all = query.selectFrom(this.#table.name).selectAll() as unknown as SelectOf<Columns>;
    const rows = (await build(all).execute()) as readonly RawRow[];
    return rows.map((raw) => this.#codec.decode(raw) as Row);
  }

  async updateMany(
    ids: readonly Id[],
    build: (query: UpdateOf<Columns>) => UpdateOf<Columns>,
    tx?: Transaction,
  ): Promise<number> {
    if (ids.length === 0) return 0;
    const { query } = tx ?? this.#database;
    const times = Object.fromEntries(this.#updateTime().map(({ column, value }) => [column.name, value]));
    const rows = query.updateTable(this.#table.name).where(this.#sql.primary.name, "in", ids).set(times);
    // The contract's columns stand for the untyped tables of the database.
    const statement = build(rows as unknown as UpdateOf<Columns>);
    this.#refuseKeyColumns(statement);
    const result = await statement.executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async lockOne(id: Id, tx: RowTransaction): Promise<Row | undefined> {
    return this.#find(PRIMARY_KEY, [id], tx, true);
  }

  /** The row that has these values in the columns of a key. */
  async #find(
    key: string,
    values: readonly unknown[],
    tx?: RowTransaction,
    locks = false,
  ): Promise<Row | undefined> {
    const columns = this.#keys.get(key);
    if (columns === undefined) throw new Error(`table ${this.#table.name} has no unique key ${key}`);
    const encoded = this.#codec.encodeKey(columns, values);
    if (encoded === undefined) return undefined;
    let row: Record<string, unknown> | undefined;
    if (tx === undefined) {
      const answer = this.#store.find(key, encoded);
      const cells = answer instanceof Promise ? await answer : answer;
      row = cells && this.#codec.decodeCells(cells);
    } else {
      const [raw] = await tx.rows.find(this.#sql, { columns, values: encoded, locks });
      row = raw && this.#codec.decode(raw);
    }
    if (row === undefined) return undefined;
    const found = row;
    const isIt = columns.every(({ property }, index) => isSame(found[property], values[index]));
    return isIt ? (found as Row) : undefined;
  }

  /** The conditions of a change, or undefined if no row can have this id. */
  #where(id: Id, expect: Partial<Row> | undefined): ColumnValue[] | undefined {
    const { primary } = this.#sql;
    const [value] = this.#codec.encodeKey([primary], [id]) ?? [];
    if (value === undefined) return undefined;
    const ids = [{ column: primary, value }];
    // The first finds the row by the index, which takes 'a' for 'A'; the second sees whether it is the one.
    if (primary.type === "text") ids.push({ column: primary, value });
    return [...ids, ...this.#codec.encodeConditions(expect ?? {})];
  }

  /** What a unique key was before a change must be known, and a query over many rows does not tell. */
  #refuseKeyColumns(statement: UpdateOf<Columns>): void {
    const set = (statement.toOperationNode().updates ?? []).map(({ column }) => column);
    const names = set.flatMap((node) => (ColumnNode.is(node) ? [node.column.name] : []));
    for (const { name } of [...this.#keys.values()].flat()) {
      if (names.includes(name)) throw new Error(`change ${this.#table.name}.${name} by update, row by row`);
    }
  }

  /** Whether a row is as a change that changes nothing demands. */
  async #isThere(id: Id, { expect, tx }: ChangeOptions<Row>): Promise<boolean> {
    const row = tx === undefined ? await this.findOne(id) : await this.lockOne(id, tx);
    if (row === undefined) return false;
    return Object.entries(expect ?? {}).every(
      ([property, value]: [string, unknown]) =>
        value === undefined || isSame(Reflect.get(row, property), value),
    );
  }

  #encodeInsert(row: NewRow): (SqlValue | undefined)[] {
    return this.#codec.encodeInsert(row, this.#sql.insertColumns, this.#now());
  }

  #updateTime(): ColumnValue[] {
    return this.#updated === undefined ? [] : [this.#codec.encodeNow(this.#updated, this.#now())];
  }

  #now(): Date {
    return new Date(this.#database.runtime.now());
  }
}

function compareIds(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one) < String(other) ? -1 : 1;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
