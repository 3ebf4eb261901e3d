import type { Cell, Table } from "../catalog/table.ts";
import type { ValueType } from "./compare.ts";
import type { Cells } from "./row.ts";
import type { TableData } from "./table-data.ts";
import type { View } from "./trx.ts";

/** What statements see of the server that runs them. */
export interface StatementHost {
  readonly version: string;
  dataOf(table: Table): TableData;
  /** A variable of the session, e.g. `session.auto_increment_increment`; undefined where it has none of that name. */
  variable(name: string): Cell | undefined;
  /** The next of the ids that the server gives out. */
  nextId(data: TableData): number;
}

/** What the expressions of one statement are worth. */
export interface Scope {
  readonly host: StatementHost;
  readonly sql: string;
  readonly parameters: readonly Cell[];
  /** The server's time when the statement began, milliseconds since the Unix epoch. */
  readonly now: number;
  /** What selects see that lock nothing. */
  readonly view: View;
  /** The row of each table of the statement that is looked at; undefined for a join's missing one. */
  readonly rows: (Cells | undefined)[];
  /** The aggregates of the group that is looked at. */
  aggregates: readonly Cell[];
}

export type Evaluate = (scope: Scope) => Cell;

/** An expression that can be asked what it is worth. */
export interface Compiled {
  readonly evaluate: Evaluate;
  readonly type: ValueType;
}
