import type { RowKey, RowValues } from "../row-statements.ts";
import type { RawRow } from "../statement.ts";
import type { ColumnValue, RowChange, RowDecrease, TableSql } from "../table-sql.ts";
import type { Seat } from "./seat.ts";

interface Asked<Answer> {
  readonly seat: Seat;
  readonly table: TableSql;
  /** A dropped call is not reported: its caller has ended. */
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Asks for a new row and its id. */
export type InsertCall = Asked<number> & { readonly kind: "insert"; readonly values: RowValues };
/** Asks for new rows whose ids do not matter. */
export type InsertAllCall = Asked<void> & { readonly kind: "insertAll"; readonly rows: readonly RowValues[] };
/** Asks for the rows of a key. */
export type FindCall = Asked<readonly RawRow[]> & { readonly kind: "find"; readonly key: RowKey };
/** Asks for the change of a row, and whether it was as expected. */
export type UpdateCall = Asked<boolean> & { readonly kind: "update"; readonly change: RowChange };
/** Asks for less in a row, and whether there was as much. */
export type DecreaseCall = Asked<boolean> & { readonly kind: "decrease"; readonly decrease: RowDecrease };
/** Asks for the end of a row, and whether it was as expected. */
export type DeleteCall = Asked<boolean> & { readonly kind: "delete"; readonly where: readonly ColumnValue[] };

/** A statement about one row that somebody in a shared transaction waits for. */
export type RowCall = InsertCall | InsertAllCall | FindCall | UpdateCall | DecreaseCall | DeleteCall;

/** Calls of one shape are one statement. */
export function shapeOf(call: RowCall): string {
  const { kind, table } = call;
  switch (kind) {
    case "insert":
    case "insertAll":
    case "delete":
      return `${kind} ${table.name}`;
    case "find":
      return `${kind} ${table.name} ${namesOf(call.key.columns)} ${call.key.locks}`;
    case "update": {
      const { changes, where } = call.change;
      const conditions = where.map(({ column, value }) => `${column.name}${value === null ? "!" : ""}`);
      return `${kind} ${table.name} ${namesOf(changes.map(({ column }) => column))} ${conditions.join()}`;
    }
    case "decrease": {
      const { column, changes, where } = call.decrease;
      const [, ...expected] = where;
      const values = expected.map((each) => `${each.column.name}=${JSON.stringify(String(each.value))}`);
      return `${kind} ${table.name} ${column.name} ${namesOf(changes.map((each) => each.column))} ${values.join()}`;
    }
  }
}

function namesOf(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => name).join();
}
