import type { Index, LookUp } from "../catalog/table.ts";
import type { Expression } from "../sql/ast.ts";
import { commonType, type Key, keyOfType } from "./compare.ts";
import { type EntryIndex, entryIndex } from "./index-entries.ts";
import { columnsOf, type NamedTable, type Names } from "./names.ts";
import type { Row } from "./row.ts";
import type { Compiled, Scope } from "./scope.ts";
import { joinKeys, type TableData } from "./table-data.ts";

/** How a statement comes to the rows of a table. */
export interface Access {
  readonly lookUp: LookUp;
  /** The keys to look for; undefined: all rows. */
  readonly keys: ((scope: Scope) => readonly Key[]) | undefined;
  /** By the primary key, by all of another unique one, or by neither. */
  readonly by: "primary" | "unique" | "other";
  /** The conditions that the server sees in the index itself: rows that do not fulfil them are never looked at. */
  readonly inIndex: readonly Expression[];
  /** The index, where it is not unique. */
  readonly entries: EntryIndex | undefined;
}

type Compile = (expression: Expression) => Compiled;

/** The rows that may be what is looked for, in the order of the primary key or of the keys asked for. */
export function candidates({ lookUp, keys }: Access, data: TableData, scope: Scope): readonly Row[] {
  if (keys === undefined) return data.find(lookUp, "");
  const wanted = keys(scope);
  const [only] = wanted;
  if (wanted.length === 1) return only === undefined || only === null ? [] : data.find(lookUp, only);
  const rows = new Set<Row>();
  for (const key of wanted) if (key !== null) for (const row of data.find(lookUp, key)) rows.add(row);
  return [...rows].sort((left, right) => order(left.primary, right.primary));
}

/** Chooses the best way to the rows of a table: these conditions must all hold. */
export function chooseAccess(
  { table, slot }: NamedTable,
  conditions: readonly Expression[],
  names: Names,
  compile: Compile,
): Access {
  const finder = new EqualityFinder(slot, names, compile);
  for (const condition of conditions) finder.look(condition);
  const primary = table.primary;
  const byPrimary = finder.lists.get(primary);
  if (byPrimary !== undefined)
    return {
      lookUp: table.lookUp([primary]),
      keys: anyOf(byPrimary),
      by: "primary",
      inIndex: [],
      entries: undefined,
    };
  for (const { positions, keys } of finder.tuples) {
    const isUnique = table.indexes.some(
      ({ isUnique: unique, columns }) =>
        unique &&
        columns.length === positions.length &&
        columns.every((name) => positions.includes(table.position(name))),
    );
    if (isUnique)
      return { lookUp: table.lookUp(positions), keys, by: "unique", inIndex: [], entries: undefined };
  }
  let best: { positions: number[]; index: Index } | undefined;
  for (const index of table.indexes) {
    const { isUnique, columns } = index;
    const all = columns.map((name) => table.position(name));
    const end = all.findIndex((position) => finder.lists.get(position)?.length !== 1);
    const positions = end < 0 ? all : all.slice(0, end);
    if (isUnique && end < 0) {
      const keys = allOf(positions.flatMap((position) => finder.lists.get(position) ?? []));
      return { lookUp: table.lookUp(positions), keys, by: "unique", inIndex: [], entries: undefined };
    }
    if (positions.length > (best?.positions.length ?? 0)) best = { positions, index };
  }
  if (best === undefined)
    return { lookUp: table.lookUp([]), keys: undefined, by: "other", inIndex: [], entries: undefined };
  const { positions, index } = best;
  const inIndex = conditions.filter((condition) =>
    columnsOf(condition).every(({ name }) => index.columns.includes(name)),
  );
  const keys = allOf(positions.flatMap((position) => finder.lists.get(position) ?? []));
  return { lookUp: table.lookUp(positions), keys, by: "other", inIndex, entries: entryIndex(table, index) };
}

type KeyOf = (scope: Scope) => Key;

/** Finds conditions by which rows can be looked up. */
class EqualityFinder {
  /** By the position of a column: what it must be one of. */
  readonly lists = new Map<number, readonly KeyOf[]>();
  readonly tuples: {
    readonly positions: readonly number[];
    readonly keys: (scope: Scope) => readonly Key[];
  }[] = [];
  readonly #slot: number;
  readonly #names: Names;
  readonly #compile: Compile;

  constructor(slot: number, names: Names, compile: Compile) {
    this.#slot = slot;
    this.#names = names;
    this.#compile = compile;
  }

  look(condition: Expression): void {
    if (condition.kind === "binary" && condition.operator === "=") {
      this.#equal(condition.left, [condition.right]);
      this.#equal(condition.right, [condition.left]);
    } else if (condition.kind === "in") {
      const [only] = condition.left;
      if (condition.left.length === 1 && only !== undefined) this.#equal(only, condition.rows.flat());
      else this.#tuple(condition.left, condition.rows);
    }
  }

  #equal(left: Expression, values: readonly Expression[]): void {
    const position = this.#positionOf(left);
    if (position === undefined || (this.lists.get(position)?.length ?? 2) === 1) return;
    const keys = values.map((value) => this.#keyOf(left, value));
    if (keys.every((key) => key !== undefined)) this.lists.set(position, keys);
  }

  #tuple(left: readonly Expression[], rows: readonly (readonly Expression[])[]): void {
    const positions = left.map((column) => this.#positionOf(column));
    if (!positions.every((position) => position !== undefined)) return;
    const keys: KeyOf[] = [];
    for (const row of rows) {
      const parts = row.map((value, index) => this.#keyOf(left[index] ?? value, value));
      if (!parts.every((part) => part !== undefined)) return;
      keys.push((scope) => joinKeys(parts.map((part) => part(scope))));
    }
    this.tuples.push({ positions, keys: anyOf(keys) });
  }

  #positionOf(expression: Expression): number | undefined {
    if (expression.kind !== "column") return undefined;
    const { slot, position } = this.#names.place(expression.table, expression.name);
    return slot === this.#slot ? position : undefined;
  }

  /** What a column is compared with, where that is known before and is compared as the column's index is sorted. */
  #keyOf(column: Expression, value: Expression): KeyOf | undefined {
    if (!this.#names.isKnownBefore(value, this.#slot)) return undefined;
    const [left, right] = [this.#compile(column), this.#compile(value)];
    if (commonType(left.type, right.type) !== left.type) return undefined;
    const keyOf = keyOfType(left.type);
    return (scope) => keyOf(right.evaluate(scope));
  }
}

function anyOf(keys: readonly KeyOf[]): (scope: Scope) => readonly Key[] {
  return (scope) => keys.map((key) => key(scope));
}

function allOf(keys: readonly KeyOf[]): (scope: Scope) => readonly Key[] {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return (scope) => [only(scope)];
  return (scope) => [joinKeys(keys.map((key) => key(scope)))];
}

function order(left: Key, right: Key): number {
  if (left === right || left === null || right === null) return 0;
  return left < right ? -1 : 1;
}
