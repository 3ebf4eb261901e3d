import { type Key, keyOfType } from "./compare.ts";
import type { Compiled, Scope } from "./scope.ts";

/** What rows are sorted by. */
export interface SortKey {
  readonly by: Compiled;
  readonly descending: boolean;
}

/** Something with the keys that it is sorted by. */
export interface Sortable {
  readonly keys: readonly Key[];
}

/** Reads the keys of the row that a scope looks at. */
export function sortKeyReader(sorting: readonly SortKey[]): (scope: Scope) => readonly Key[] {
  const readers = sorting.map(({ by }) => ({ evaluate: by.evaluate, keyOf: keyOfType(by.type) }));
  return (scope) => readers.map(({ evaluate, keyOf }) => keyOf(evaluate(scope)));
}

/** Sorts in place; what is equal stays in its order. NULL comes first. */
export function sortByKeys<T extends Sortable>(rows: T[], sorting: readonly SortKey[]): T[] {
  if (sorting.length === 0) return rows;
  return rows.sort((left, right) => {
    for (const [index, { descending }] of sorting.entries()) {
      const order = compareKeys(left.keys[index] ?? null, right.keys[index] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function compareKeys(left: Key, right: Key): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}
