import { brokenRule } from "../column-check.ts";
import type { TimeText } from "../database.ts";
import type { CacheDefinition, CachedField, ColumnDefinition, TableDefinition } from "../table.ts";

type Row = Record<string, unknown>;

interface Field extends CachedField {
  readonly column: ColumnDefinition;
  /** The JSON of its name and the colon. */
  readonly label: string;
}

/** What Go writes where JSON.stringify writes something else; go-zero since v1.9 reads it without writing it. */
const GO_ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
  "\\b": "\\u0008",
  "\\f": "\\u000c",
};
const GO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const MINUTE_MS = 60_000;

/** Rows as go-zero's cached model writes and reads them: the JSON of a Go struct without tags. */
export class GoRowCodec {
  readonly #fields: readonly Field[];
  readonly #times: TimeText;
  #lastTime = { instant: Number.NaN, text: "" };

  /** @throws Error for a column whose Go type has no form here. */
  constructor(table: TableDefinition, cache: CacheDefinition, times: TimeText) {
    this.#times = times;
    this.#fields = cache.fields.map((field) => {
      const column = table.columns.find(({ property }) => property === field.property);
      if (column === undefined || column.type === "bytes") {
        throw new Error(`${table.name}.${field.property} cannot be cached`);
      }
      return { ...field, column, label: `${JSON.stringify(field.name)}:` };
    });
  }

  encode(row: object): string {
    let text = "";
    let separator = "{";
    for (const field of this.#fields) {
      text += separator + field.label + this.#encodeField(field, Reflect.get(row, field.property));
      separator = ",";
    }
    return `${text}}`;
  }

  /** undefined for a text that is no row, or lacks what this table has: one of a process with fewer columns. */
  decode(text: string): Row | undefined {
    const object = parseObject(text);
    if (object === undefined) return undefined;
    const row: Row = {};
    for (const field of this.#fields) {
      const value = decodeField(field, fieldOf(object, field.name));
      if (value === undefined || brokenRule(field.column, value) !== undefined) return undefined;
      row[field.property] = value;
    }
    return row;
  }

  #encodeField({ column, nullStruct }: Field, value: unknown): string {
    if (nullStruct === undefined) return value === null ? "null" : this.#encodeValue(column, value);
    const known = value !== null;
    const inner = known ? this.#encodeValue(column, value) : ZEROES[nullStruct];
    return `{"${nullStruct}":${inner},"Valid":${known}}`;
  }

  #encodeValue(column: ColumnDefinition, value: unknown): string {
    switch (column.type) {
      case "integer":
      case "float":
      case "boolean":
        return String(value);
      case "decimal":
        // A float64 in Go's struct.
        return String(Number(value));
      case "date":
        return `"${this.#goTime(this.#times.toDate(`${String(value)} 00:00:00`))}"`;
      default:
        return value instanceof Date ? `"${this.#goTime(value)}"` : goString(String(value));
    }
  }

  /** Rows often have the same time twice: that of their creation and of their last change. */
  #goTime(time: Date): string {
    const instant = time.getTime();
    if (this.#lastTime.instant !== instant) this.#lastTime = { instant, text: this.#writeTime(time) };
    return this.#lastTime.text;
  }

  /** RFC 3339 in the offset of the database's zone; in UTC where Go could not write the offset. */
  #writeTime(time: Date): string {
    const wall = `${this.#times.toText(time).replace(" ", "T").padEnd(23, "0")}Z`;
    const offsetMs = Date.parse(wall) - time.getTime();
    if (offsetMs === 0 || offsetMs % MINUTE_MS !== 0) return withoutZeroes(time.toISOString(), "Z");
    return withoutZeroes(wall, offsetText(offsetMs / MINUTE_MS));
  }
}

/** What sql.NullString and its kin hold where there is no value. */
const ZEROES = {
  String: '""',
  Int64: "0",
  Float64: "0",
  Bool: "false",
  Time: '"0001-01-01T00:00:00Z"',
} as const;

/** A text in JSON as Go's encoder writes it. */
export function goString(text: string): string {
  // The pairs keep an escaped backslash and the letter after it apart.
  return JSON.stringify(text).replace(/\\.|[<>&\u2028\u2029]/g, (part) => GO_ESCAPES[part] ?? part);
}

function withoutZeroes(iso: string, offset: string): string {
  const [seconds = "", fraction = ""] = iso.slice(0, -1).split(".");
  const digits = fraction.replace(/0+$/, "");
  return `${seconds}${digits === "" ? "" : `.${digits}`}${offset}`;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function parseObject(text: string): Row | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Row)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Go finds fields whatever their case; its own name comes first. */
function fieldOf(object: Row, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const lower = name.toLowerCase();
  const other = Object.keys(object).find((key) => key.toLowerCase() === lower);
  return other === undefined ? undefined : object[other];
}

function decodeField({ column, nullStruct }: Field, value: unknown): unknown {
  if (nullStruct === undefined) return decodeValue(column, value);
  if (typeof value !== "object" || value === null) return undefined;
  const { Valid: valid, [nullStruct]: inner } = value as Row;
  if (valid === false) return null;
  return valid === true ? decodeValue(column, inner) : undefined;
}

function decodeValue(column: ColumnDefinition, value: unknown): unknown {
  if (value === null) return value;
  // Of at most 15 digits, which a float64 tells exactly; codegen sees to it.
  if (column.type === "decimal")
    return typeof value === "number" ? value.toFixed(column.scale ?? 0) : undefined;
  if (column.type !== "time" && column.type !== "date") return value;
  // The day is that of Go's zone, which its text is written in.
  if (column.type === "date")
    return typeof value === "string" && GO_TIME.test(value) ? value.slice(0, 10) : undefined;
  return typeof value === "string" && GO_TIME.test(value) ? new Date(value) : undefined;
}
