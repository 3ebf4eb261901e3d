import type { ParsedMigration } from "./parse-migrations.ts";
import { applyChange } from "./replay.ts";
import type { SqlTable } from "./table.ts";

/**
 * The columns of each table in the order they came to it: first those it was made with, then each that a
 * later migration added, wherever it stands. A model that was generated before has the first of them.
 */
export function columnHistory(
  migrations: readonly ParsedMigration[],
): ReadonlyMap<string, readonly string[]> {
  const history = new Map<string, string[]>();
  const schema = new Map<string, SqlTable>();
  for (const { fileName, statements } of migrations) {
    for (const change of statements.flatMap((statement) => statement.changes)) {
      applyChange(schema, change, fileName);
    }
    for (const table of schema.values()) {
      const known = history.get(table.name) ?? [];
      const added = table.columns.map(({ name }) => name).filter((name) => !known.includes(name));
      history.set(table.name, [...known, ...added]);
    }
  }
  return history;
}
