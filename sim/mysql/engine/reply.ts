import type { Cell } from "../catalog/table.ts";
import type { Answer } from "./statement-plan.ts";
import type { Written } from "./write-plan.ts";

/** What mysql2 gives its caller: rows, or what was changed. */
export type Reply =
  | { readonly affectedRows: number; readonly insertId: number }
  | Readonly<Record<string, unknown>>[];

/** The rows of an answer under the names of their fields. */
export function rowsOf({ fields, records }: Answer): Readonly<Record<string, unknown>>[] {
  return records.map((cells) => {
    const row: Record<string, unknown> = {};
    let index = 0;
    for (const { name, type } of fields) {
      row[name] = driverValue(cells[index] ?? null, type.kind === "decimal");
      index += 1;
    }
    return row;
  });
}

export function writtenReply({ affectedRows, insertId, returned }: Written): Reply {
  return returned === undefined ? { affectedRows, insertId } : rowsOf(returned);
}

/** The driver gives decimals on as texts, and nobody may change the server's bytes. */
function driverValue(value: Cell, isDecimal: boolean): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return isDecimal && value !== null ? String(value) : value;
}
