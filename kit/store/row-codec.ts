import { AppError, invalidArgument } from "@mall/kit/errors";
import { brokenRule, checkColumn } from "./column-check.ts";
import type { Database, TimeText } from "./database.ts";
import type { RawCells, RawRow, SqlValue } from "./statement.ts";
import type { ColumnDefinition, TableDefinition } from "./table.ts";
import type { ColumnValue } from "./table-sql.ts";

/** Characters of a time without fractions, and all that is read of it. */
const WHOLE_SECONDS = "2026-01-31 23:59:59".length;

/** Translates between the rows of a table as programs see them and the values a driver takes and gives. */
export class RowCodec {
  readonly #table: TableDefinition;
  readonly #database: Pick<Database, "dialect" | "times" | "wallTimes">;
  readonly #byProperty: ReadonlyMap<string, ColumnDefinition>;

  constructor(table: TableDefinition, database: Pick<Database, "dialect" | "times" | "wallTimes">) {
    this.#table = table;
    this.#database = database;
    this.#byProperty = new Map(table.columns.map((column) => [column.property, column]));
  }

  /** @throws AppError DATA_LOSS if a stored integer cannot be represented exactly. */
  decode(raw: RawRow): Record<string, unknown> {
    return this.decodeCells(this.#table.columns.map(({ name }) => raw[name]));
  }

  /** As `decode`, from the values of all columns in their order. */
  decodeCells(cells: RawCells): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    let index = 0;
    for (const column of this.#table.columns) {
      row[column.property] = this.#decodeValue(column, cells[index]);
      index += 1;
    }
    return row;
  }

  /**
   * The values of an insert in the order of `columns`; undefined where the row leaves one out. `now` goes
   * into managed times among them.
   *
   * @throws AppError INVALID_ARGUMENT for a value outside its column's limits or a property that is not set by inserts.
   */
  encodeInsert(row: object, columns: readonly ColumnDefinition[], now: Date): (SqlValue | undefined)[] {
    this.#refuseUnknown(row);
    return columns.map((column) => {
      if (column.managed !== undefined) return this.#timeText(column, now);
      const value: unknown = Reflect.get(row, column.property);
      return value === undefined ? undefined : this.encodeValue(column, value);
    });
  }

  /** The columns an update changes; the same errors as encodeInsert. */
  encodeChanges(changes: object): ColumnValue[] {
    this.#refuseUnknown(changes);
    return this.encodeConditions(changes);
  }

  /** Columns with their values, managed ones included. */
  encodeConditions(values: object): ColumnValue[] {
    return Object.entries(values).flatMap(([property, value]: [string, unknown]) => {
      if (value === undefined) return [];
      const column = this.#column(property);
      return [{ column, value: this.encodeValue(column, value) }];
    });
  }

  encodeValue(column: ColumnDefinition, value: unknown): SqlValue {
    checkColumn(column, value);
    return this.#toSql(column, value);
  }

  /** The managed update time. */
  encodeNow(column: ColumnDefinition, now: Date): ColumnValue {
    return { column, value: this.#timeText(column, now) };
  }

  /** The values of a key's columns, or undefined if no row can have them because a limit forbids it. */
  encodeKey(columns: readonly ColumnDefinition[], values: readonly unknown[]): SqlValue[] | undefined {
    const encoded: SqlValue[] = [];
    for (const column of columns) {
      const value = values[encoded.length];
      if (value === undefined) throw new Error(`a lookup in ${this.#table.name} needs ${column.property}`);
      if (value === null || brokenRule(column, value) !== undefined) return undefined;
      encoded.push(this.#toSql(column, value));
    }
    return encoded;
  }

  #toSql(column: ColumnDefinition, value: unknown): SqlValue {
    if (value instanceof Date) return this.#timeText(column, value);
    if (typeof value === "boolean") return value ? 1 : 0;
    if (column.type === "decimal" && column.scale !== undefined && value !== null)
      return decimalText(String(value), column.scale);
    return value as SqlValue;
  }

  /** Cut to what the column holds: some servers would round it up, into the future. */
  #timeText(column: ColumnDefinition, time: Date): string {
    const text = this.#timesOf(column).toText(time);
    if (this.#database.dialect === "sqlite") return text;
    const { digits = 0 } = column;
    return text.slice(0, digits === 0 ? WHOLE_SECONDS : WHOLE_SECONDS + 1 + digits);
  }

  #timesOf({ wall = false }: ColumnDefinition): TimeText {
    return wall ? this.#database.wallTimes : this.#database.times;
  }

  #decodeValue(column: ColumnDefinition, value: unknown): unknown {
    if (value === null || value === undefined) return null;
    switch (column.type) {
      case "integer":
        if (typeof value === "number" && Number.isSafeInteger(value)) return value;
        // MySQL's driver gives a column of bits as its bytes.
        if (value instanceof Uint8Array && value.length > 0 && value.length <= 7) return bitsOf(value);
        throw this.#unreadable(column, value);
      case "time":
        if (typeof value === "string") return this.#timesOf(column).toDate(value);
        throw this.#unreadable(column, value);
      case "boolean":
        return Number(value) !== 0;
      case "decimal":
        return String(value);
      case "float":
        return Number(value);
      default:
        return value;
    }
  }

  #unreadable(column: ColumnDefinition, value: unknown): AppError {
    return new AppError("DATA_LOSS", "UNREADABLE_VALUE", "a stored value cannot be read", {
      cause: new Error(`${this.#table.name}.${column.name} holds ${typeof value} ${String(value)}`),
    });
  }

  #refuseUnknown(row: object): void {
    for (const property of Object.keys(row)) {
      if (this.#column(property).managed !== undefined) {
        throw invalidArgument(property, "is set by the store");
      }
    }
  }

  #column(property: string): ColumnDefinition {
    const column = this.#byProperty.get(property);
    if (column === undefined) throw invalidArgument(property, `is not a column of ${this.#table.name}`);
    return column;
  }
}

function bitsOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** With all digits after its point, as MySQL tells it, so that equal numbers are equal texts in SQLite too. */
function decimalText(text: string, scale: number): string {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = fraction.slice(0, scale).padEnd(scale, "0");
  const size = scale === 0 ? whole : `${whole}.${digits}`;
  return /[1-9]/.test(size) ? sign + size : size;
}
