import type { Position } from "../emit/index.ts";
import type { SqlColumn, SqlKey, SqlTable } from "./table.ts";

/** One step that a statement of a contract takes; an ALTER TABLE may take several. */
export type SqlChange = {
  /** Name of the table it changes. */
  readonly table: string;
  readonly position: Position;
} & (
  | { readonly kind: "create"; readonly created: SqlTable; readonly ifNotExists: boolean }
  | {
      readonly kind: "add-column";
      readonly column: SqlColumn;
      /** The column it comes after; FIRST, or at the end. */
      readonly place: { readonly after: string } | "first" | "last";
    }
  | { readonly kind: "add-key"; readonly key: SqlKey }
  | { readonly kind: "drop-key"; readonly key: string }
);
