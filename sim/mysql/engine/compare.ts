import type { Cell, Collation, ColumnType } from "../catalog/table.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";

/** What stands for a value where values are compared: equal where the server takes them for equal, and in its order. */
export type Key = number | string | null;

/** What is known of a value before it is there. Literals of a driver's parameters tell theirs only by themselves. */
export type ValueType = ColumnType | { readonly kind: "decimal" } | { readonly kind: "literal" };

export const INTEGER: ValueType = { kind: "integer", min: -(2 ** 63), max: 2 ** 63 - 1, unsigned: false };
export const LITERAL: ValueType = { kind: "literal" };

/** How values of a type are made comparable with others of it. */
export function keyOfType(type: ValueType): (value: Cell) => Key {
  switch (type.kind) {
    case "integer":
    case "decimal":
      return numberKey;
    case "text":
      return textKey(type.collation);
    case "time":
      return timeKey;
    case "bytes":
      return bytesKey;
    case "literal":
      return literalKey;
  }
}

/** Of two collations the one that tells more texts apart is taken. */
const STRICTNESS: Readonly<Record<Collation, number>> = { utf8mb4_general_ci: 0, utf8mb4_bin: 1, binary: 2 };

/** The type by whose rules two values are compared. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  if (left.kind === "literal") return right;
  if (right.kind === "literal") return left;
  if (isNumber(left) && isNumber(right)) return left;
  if (left.kind === "text" && right.kind === "text")
    return STRICTNESS[left.collation] >= STRICTNESS[right.collation] ? left : right;
  if (left.kind === right.kind) return left;
  throw new UnsupportedSql(`how to compare ${left.kind} with ${right.kind}`);
}

export function isNumber({ kind }: ValueType): boolean {
  return kind === "integer" || kind === "decimal";
}

function numberKey(value: Cell): Key {
  if (typeof value === "number" || value === null) return value;
  throw new UnsupportedSql(`how to compare a number with ${String(value)}`);
}

function textKey(collation: Collation): (value: Cell) => Key {
  if (collation === "binary") return textOf;
  if (collation === "utf8mb4_bin") return (value) => textOf(value)?.replace(/ +$/, "") ?? null;
  return (value) => foldCase(textOf(value));
}

function textOf(value: Cell): string | null {
  if (typeof value === "string" || value === null) return value;
  throw new UnsupportedSql(`how to compare a text with ${String(value)}`);
}

/** utf8mb4_general_ci knows more letters than these; nothing that mall compares by it has them. */
function foldCase(text: string | null): string | null {
  if (text === null) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, and nothing else.
  if (!/^[\x00-\x7f]*$/.test(text)) throw new UnsupportedSql(`how utf8mb4_general_ci compares ${text}`);
  return text.toUpperCase().replace(/ +$/, "");
}

const TIME = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/;

/** A time without the zeroes behind its seconds. */
function timeKey(value: Cell): Key {
  if (value === null) return null;
  const [, seconds, fraction = ""] = TIME.exec(String(value)) ?? [];
  if (seconds === undefined) throw new UnsupportedSql(`a time ${String(value)}`);
  const digits = fraction.replace(/0+$/, "");
  return digits === "" ? seconds : `${seconds}.${digits}`;
}

function bytesKey(value: Cell): Key {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  throw new UnsupportedSql(`how to compare bytes with ${String(value)}`);
}

function literalKey(value: Cell): Key {
  if (typeof value === "number" || value === null) return value;
  throw new UnsupportedSql(`how to compare literals like ${String(value)}`);
}
