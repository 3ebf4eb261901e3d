import type { SqlSchema } from "./replay.ts";

/**
 * The columns of each table in the order they came to it: first those it was made with, then each that a
 * later migration added, wherever it stands. A model that was generated before has the first of them.
 *
 * @param schemas what was there after each of the migrations.
 */
export function columnHistory(schemas: readonly SqlSchema[]): ReadonlyMap<string, readonly string[]> {
  const history = new Map<string, Set<string>>();
  for (const table of schemas.flatMap((schema) => [...schema.values()])) {
    const known = history.get(table.name) ?? new Set();
    for (const { name } of table.columns) known.add(name);
    history.set(table.name, known);
  }
  return new Map([...history].map(([table, columns]) => [table, [...columns]]));
}
