/** Column types our contracts use, as the row type sees them. */
export type ColumnType = "integer" | "decimal" | "text" | "time" | "bytes" | "boolean";

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
  readonly nullable?: boolean;
  /** Set by the database: auto-increment key, `create_time`, `update_time`. Not part of an insert or update. */
  readonly managed?: "id" | "created" | "updated";
}

/** A table as its `.sql` contract defines it. */
export interface TableDefinition {
  readonly name: string;
  /** Property of the (single-column) primary key. */
  readonly primaryKey: string;
  readonly columns: readonly ColumnDefinition[];
  /** Unique keys other than the primary key, by index name: the properties in index order. */
  readonly uniqueKeys: Readonly<Record<string, readonly string[]>>;
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
