import type { RowValues } from "../row-statements.ts";

/** The smallest `max_allowed_packet` in use; a statement beyond the server's ends the connection. */
export const STATEMENT_BYTES_MAX = 1024 * 1024;

/** An upper bound of what the values of a statement take on the wire: escaped, in UTF-8. */
export function statementBytes(rows: readonly RowValues[]): number {
  let bytes = 0;
  for (const row of rows) {
    for (const value of row) {
      bytes += typeof value === "string" || value instanceof Uint8Array ? value.length * 4 : 24;
    }
  }
  return bytes;
}
