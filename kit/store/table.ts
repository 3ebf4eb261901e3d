/** The value of a table's primary key. */
export type RowId = number | string;

/** Column types our contracts use, as the row type sees them. */
export type ColumnType =
  | "integer"
  /** Exact: text like `-12.50`. */
  | "decimal"
  | "float"
  | "text"
  | "time"
  /** A day without a time: text like `2026-01-31`. */
  | "date"
  | "bytes"
  | "boolean";

/** One column of a table contract with the limits its SQL type sets. */
export interface ColumnDefinition {
  /** Name in SQL, e.g. `create_time`. */
  readonly name: string;
  /** Property of the row type, e.g. `createTime`. */
  readonly property: string;
  readonly type: ColumnType;
  /** Smallest value of an integer column. */
  readonly min?: number;
  /** Largest value of an integer column; for bigint 2^53-1, the largest safe integer. */
  readonly max?: number;
  /** Longest text of a varchar/char column, in characters (code points). */
  readonly lengthMax?: number;
  /** The only texts of an enum. */
  readonly values?: readonly string[];
  /** Digits of a decimal in all, and those after its point. */
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable?: boolean;
  /** Digits of a time column after its seconds; none by default. SQLite keeps milliseconds of all. */
  readonly digits?: number;
  /** A `datetime`: MySQL keeps the wall-clock time that it is given, not the instant. */
  readonly wall?: boolean;
  /**
   * Set by the store: the auto-increment key, `create_time`, `update_time`. Not part of an insert or update. The times
   * are this process's, never the database's, so that ages are measured by one clock.
   */
  readonly managed?: "id" | "created" | "updated";
}

/** A column as the Go struct of go-zero's model has it. */
export interface CachedField {
  readonly property: string;
  /** Name of the struct's field, e.g. `CreateTime`. */
  readonly name: string;
  /** A nullable column without a default is a `sql.NullX` in Go; this is its X. */
  readonly nullStruct?: "String" | "Int64" | "Time" | "Float64" | "Bool";
}

/** How go-zero's cached model of a table keeps its rows in Redis. */
export interface CacheDefinition {
  /** In the order of the struct; columns that the Go original does not know come last, and do not disturb it. */
  readonly fields: readonly CachedField[];
  /** What the keys of entries start with, by key of the table: `PRIMARY`, or the name of a unique index. */
  readonly prefixes: Readonly<Record<string, string>>;
}

/** A table as its `.sql` contract defines it. */
export interface TableDefinition {
  readonly name: string;
  /** Property of the (single-column) primary key: an integer or a text. Unless the store gives it, inserts bring it. */
  readonly primaryKey: string;
  readonly columns: readonly ColumnDefinition[];
  /** Unique keys other than the primary key, by index name: the properties in index order. */
  readonly uniqueKeys: Readonly<Record<string, readonly string[]>>;
  /** Only where the model may be cached. */
  readonly cache?: CacheDefinition;
}

/** One step of a table's history in both dialects; names sort in order (`0001-…`). */
export interface MigrationDefinition {
  readonly name: string;
  readonly mysql: readonly string[];
  readonly sqlite: readonly string[];
}

/** A service's migrations; `owner` names it in the migration tables (`pay` → `pay_migration`). */
export interface MigrationSet {
  readonly owner: string;
  readonly migrations: readonly MigrationDefinition[];
}
