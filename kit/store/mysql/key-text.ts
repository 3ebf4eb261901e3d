import type { RawRow } from "../statement.ts";
import type { ColumnDefinition } from "../table.ts";

/** One text per key, the same for what was asked and what was found only if they are exactly equal. */
export function keyText(columns: readonly ColumnDefinition[], values: readonly unknown[]): string {
  const parts = values.map((value, index) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
    const text = String(value);
    return columns[index]?.type === "time" ? text.padEnd(20, ".").padEnd(23, "0").slice(0, 23) : text;
  });
  return parts.length === 1 ? (parts[0] ?? "") : JSON.stringify(parts);
}

/** The values of some columns of a row. */
export function cellsOf(columns: readonly ColumnDefinition[], raw: RawRow): unknown[] {
  return columns.map(({ name }) => raw[name]);
}
