import type { Snapshot } from "./database.ts";
import type { RawRow, SqlValue } from "./statement.ts";

/** Rows that are in memory at a time. */
const PAGE_SIZE = 1_000;

/** A select whose rows are read page by page. */
export interface PagedSelect {
  /** Ends with `... > ?`, the key of the row before. */
  readonly sql: string;
  /** For the places before that. */
  readonly parameters?: readonly SqlValue[];
  /** Name of the selected column that the rows are in order of, and that none has in common. */
  readonly key: string;
  /** Grouping and the like, behind the condition on the key. */
  readonly tail?: string;
  /** Smaller than every key. */
  readonly from: SqlValue;
}

/** The rows of a select, some at a time and in the order of their key. */
export async function* readPages(
  snapshot: Snapshot,
  { sql, parameters = [], key, tail = "", from }: PagedSelect,
): AsyncGenerator<readonly RawRow[]> {
  const page = `${sql} ${tail} ORDER BY ${key} LIMIT ${PAGE_SIZE}`;
  let last = from;
  for (;;) {
    const rows = await snapshot.read({ sql: page, parameters: [...parameters, last] });
    const end = rows.at(-1)?.[key];
    if (typeof end !== "string" && typeof end !== "number") return;
    yield rows;
    last = end;
  }
}

/** As many placeholders as there are values. */
export function places(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
