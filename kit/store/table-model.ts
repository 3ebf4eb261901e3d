import type { SelectQueryBuilder, UpdateQueryBuilder, UpdateResult } from "kysely";
import type { RowTransaction, Transaction } from "./database.ts";
import type { RowId } from "./table.ts";

/** A query over one table; any name stands for that table, as a query names no other. */
export type SelectOf<Columns> = SelectQueryBuilder<Record<string, Columns>, string, Columns>;
/** An update of one table, named as in SelectOf. */
export type UpdateOf<Columns> = UpdateQueryBuilder<Record<string, Columns>, string, string, UpdateResult>;

export interface ChangeOptions<Row> {
  /** What the row must hold for the change to happen: compare-and-set. */
  readonly expect?: Partial<Row>;
  readonly tx?: RowTransaction;
}

/** What is taken off a column of a row: whole and positive. */
export interface Decrease<Row> {
  readonly property: keyof Row & string;
  readonly amount: number;
}

/**
 * Rows for people who ask how something is. They may come from a cache, so they must not decide anything: an answer
 * is as old as the question at most, as long as whoever changed the row reached Redis (see kit/cache/cache.ts). Only
 * what answers questions is given a view; a TableModel reads from the database.
 */
export interface RowView<Row, Id extends RowId = number> {
  findOne(id: Id): Promise<Row | undefined>;
  /** The row with these values in a unique key; text must be the same byte by byte. */
  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined>;
}

/**
 * The operations every table has. Every change names the rows it is about, so that a cached model knows which
 * entries to remove. A value outside its column's limits is AppError INVALID_ARGUMENT naming
 * the property before any SQL; a lookup for such a value finds nothing. Other errors as in StatementRunner.
 */
export interface TableModel<Row, NewRow, Columns, Id extends RowId = number> {
  /**
   * The id of the new row. Without `tx`, inserts of one tick travel together and fail apart.
   *
   * @throws DuplicateKeyError
   */
  insert(row: NewRow, tx?: RowTransaction): Promise<Id>;
  /**
   * Inserts rows whose ids nobody asks for; none of them where one cannot be.
   *
   * @throws DuplicateKeyError
   */
  insertAll(rows: readonly NewRow[], tx: RowTransaction): Promise<void>;
  /** Without `tx`, reads of one tick travel together. */
  findOne(id: Id, tx?: RowTransaction): Promise<Row | undefined>;
  /**
   * The row as this transaction may change it: others wait for its end. On a cluster those on other nodes do not, so
   * whatever is decided must end in a compare-and-set of this row on what was read.
   */
  lockOne(id: Id, tx: RowTransaction): Promise<Row | undefined>;
  /** The row with these values in a unique key; text must be the same byte by byte. */
  findOneBy(uniqueKey: string, values: Partial<Row>): Promise<Row | undefined>;
  /**
   * Whether a row had this id (and held what was expected).
   *
   * @throws DuplicateKeyError
   */
  update(id: Id, changes: Partial<NewRow>, options?: ChangeOptions<Row>): Promise<boolean>;
  /**
   * Takes an amount off a column of a row that holds as much (and what was expected); false: it
   * does not. Decided by the database in one statement, and for all that share a transaction together.
   */
  decrease(id: Id, decrease: Decrease<Row>, options?: ChangeOptions<Row>): Promise<boolean>;
  delete(id: Id, options?: ChangeOptions<Row>): Promise<boolean>;
  /** Rows with this value in a column, in the order of their ids. Those of a row that `tx` has locked belong to it. */
  findAllBy(property: string, value: unknown, tx: RowTransaction): Promise<Row[]>;
  /** Rows of a query over this table, under SQL column names. */
  findMany(build: (query: SelectOf<Columns>) => SelectOf<Columns>, tx?: Transaction): Promise<Row[]>;
  /**
   * Changes those of the rows with these ids that the query's conditions allow, by values that the database
   * computes; returns how many. A column of a unique key is changed by `update` alone.
   */
  updateMany(
    ids: readonly Id[],
    build: (query: UpdateOf<Columns>) => UpdateOf<Columns>,
    tx?: Transaction,
  ): Promise<number>;
}
