import type { Steps } from "./lock.ts";
import type { Cells, Row } from "./row.ts";
import type { Scope } from "./scope.ts";
import type { Field, Records } from "./select-plan.ts";
import type { TableData } from "./table-data.ts";

/** What a write did. */
export interface Written {
  /** Rows that were matched, as with the flag FOUND_ROWS. */
  readonly affectedRows: number;
  /** The first of the ids that the server gave out; 0 for none. */
  readonly insertId: number;
  /** Of a RETURNING clause. */
  readonly returned:
    | { readonly fields: readonly Pick<Field, "name" | "type">[]; readonly records: Records }
    | undefined;
}

/** A write, ready to be run. */
export type WritePlan = (scope: Scope) => Steps<Written>;

/** Makes a row what `cells` say, as a change that may be taken back. */
export function change(
  data: TableData,
  row: Row,
  cells: Cells | undefined,
  { view: { trx }, sql }: Scope,
): void {
  trx.changes.push({ data, row, version: data.put(row, cells, trx), sql });
}
