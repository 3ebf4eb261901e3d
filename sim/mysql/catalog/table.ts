import { UnsupportedSql } from "../unsupported-sql.ts";

/** A value as the server keeps it. Whole numbers beyond 2^53 are refused, times are text in the server's zone. */
export type Cell = null | number | string | Uint8Array;

/** How texts are compared: by InnoDB's rules for letters, all of them with trailing spaces cut off, or as they are. */
export type Collation = "utf8mb4_general_ci" | "utf8mb4_bin" | "binary";

export type ColumnType =
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly unsigned: boolean }
  /** `fixed`: a `char`, whose trailing spaces nobody sees again. */
  | {
      readonly kind: "text";
      readonly lengthMax: number;
      readonly fixed: boolean;
      readonly collation: Collation;
    }
  | { readonly kind: "bytes"; readonly lengthMax: number }
  /** With so many digits of a second. */
  | { readonly kind: "time"; readonly digits: number };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Undefined: a row must say what it has. */
  readonly byDefault: { readonly value: Cell } | "now" | undefined;
  readonly nowOnUpdate: boolean;
  readonly isAutoIncrement: boolean;
}

export interface Index {
  /** `PRIMARY`, or the name of a key. */
  readonly name: string;
  readonly isUnique: boolean;
  readonly columns: readonly string[];
}

/** What a table is like, and by what its rows are looked up. */
export class Table {
  readonly name: string;
  /** Tells the tables of a catalog apart. */
  readonly number: number;
  columns: readonly Column[] = [];
  indexes: readonly Index[] = [];
  /** Columns by whose values rows are found, see LookUp; the first is of no column: all rows. */
  readonly lookUps: LookUp[] = [new LookUp(0, [], [])];

  constructor(name: string, number: number) {
    this.name = name;
    this.number = number;
  }

  position(column: string): number {
    const wanted = column.toLowerCase();
    const position = this.columns.findIndex(({ name }) => name.toLowerCase() === wanted);
    if (position < 0) throw new UnsupportedSql(`a column ${column} of ${this.name}`);
    return position;
  }

  columnAt(position: number): Column {
    const column = this.columns[position];
    if (column === undefined) throw new Error(`${this.name} has no column ${position}`);
    return column;
  }

  /** The position of the one column of the primary key. */
  get primary(): number {
    const columns = this.indexes.find(({ name }) => name === "PRIMARY")?.columns ?? [];
    const [only] = columns;
    if (only === undefined || columns.length > 1) {
      throw new UnsupportedSql(`the primary key of ${this.name}, which is not one column`);
    }
    return this.position(only);
  }

  /** The position of the column that the server numbers; -1 for none. */
  get autoIncrement(): number {
    return this.columns.findIndex(({ isAutoIncrement }) => isAutoIncrement);
  }

  /** A way to find rows by these columns, by their positions. */
  lookUp(positions: readonly number[]): LookUp {
    const known = this.lookUps.find(
      (lookUp) =>
        lookUp.positions.length === positions.length &&
        lookUp.positions.every((at, index) => at === positions[index]),
    );
    if (known !== undefined) return known;
    const lookUp = new LookUp(
      this.lookUps.length,
      positions,
      positions.map((position) => this.columnAt(position).type),
    );
    this.lookUps.push(lookUp);
    return lookUp;
  }
}

/** A way to find rows: by the values of some columns. */
export class LookUp {
  readonly number: number;
  readonly positions: readonly number[];
  readonly types: readonly ColumnType[];

  constructor(number: number, positions: readonly number[], types: readonly ColumnType[]) {
    this.number = number;
    this.positions = positions;
    this.types = types;
  }
}

/** The tables of a database. */
export class Catalog {
  readonly tables = new Map<string, Table>();

  table(name: string): Table {
    const table = this.tables.get(name);
    if (table === undefined) throw new UnsupportedSql(`a table ${name}`);
    return table;
  }
}
