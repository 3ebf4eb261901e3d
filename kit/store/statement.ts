/** The databases that are spoken; MariaDB counts as MySQL. */
export type Dialect = "sqlite" | "mysql";

/** What travels to a driver. Times travel as text, see TimeText. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** A row as a driver returns it, under SQL names. */
export type RawRow = Readonly<Record<string, unknown>>;

/** The values of a row as a driver returns them, in the order of the table's columns. */
export type RawCells = readonly unknown[];

/** One SQL statement with `?` placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What a statement did. */
export interface WriteResult {
  /** Matched rows, also where an update leaves a row as it was. */
  readonly changes: number;
  /** The first id the statement gave out; 0 for none. */
  readonly insertId: number;
  /** Rows of a RETURNING clause. */
  readonly rows: readonly RawRow[];
}

/**
 * Runs single statements. All methods reject with DuplicateKeyError, or with an AppError that carries the
 * driver's error as its cause.
 */
export interface StatementRunner {
  read(statement: Statement): Promise<readonly RawRow[]>;
  write(statement: Statement): Promise<WriteResult>;
}
