import type { LookUp, Table } from "../catalog/table.ts";
import { type Key, keyOfType } from "./compare.ts";
import { Lock } from "./lock.ts";
import type { Cells, Row, Version, Writer } from "./row.ts";

/** The rows of a table, with every version that somebody may still see. */
export class TableData {
  readonly table: Table;
  /** The next number of the server. */
  nextId = 1;
  readonly #lookUps: RowMap[] = [];
  readonly #locks = new Map<string, Lock>();

  constructor(table: Table) {
    this.table = table;
  }

  /** The rows that have, or had in a version that is kept, these values; in the order of the primary key. */
  find(lookUp: LookUp, key: Key): readonly Row[] {
    return this.#mapOf(lookUp).get(key) ?? [];
  }

  /** The lock of a value of a unique key. */
  keyLock(lookUp: LookUp, key: Key): Lock {
    return this.lockNamed(`${lookUp.number} ${key}`);
  }

  lockNamed(name: string): Lock {
    let lock = this.#locks.get(name);
    if (lock === undefined) {
      lock = new Lock();
      this.#locks.set(name, lock);
    }
    return lock;
  }

  /** Undefined where nobody has asked for it yet. */
  knownLock(name: string): Lock | undefined {
    return this.#locks.get(name);
  }

  /** Puts a version on top of a row; undefined cells remove it. */
  put(row: Row, cells: Cells | undefined, trx: Writer): Version {
    const before = row.latest;
    const version = { cells, trx, before };
    row.latest = version;
    if (cells !== undefined) for (const map of this.#lookUps) map.add(row, cells, before?.cells);
    return version;
  }

  /** Removes the latest version of a row. */
  takeBack(row: Row, version: Version): void {
    row.latest = version.before;
    this.#forget(row, version);
  }

  /** Forgets what nobody can see any more of a row: all that is older than its latest committed version. */
  purge(row: Row): void {
    let kept = row.latest;
    while (kept !== undefined && kept.trx.commitNumber === Number.POSITIVE_INFINITY) kept = kept.before;
    if (kept === undefined) return;
    const old = kept.before;
    kept.before = undefined;
    for (let version = old; version !== undefined; version = version.before) this.#forget(row, version);
  }

  #forget(row: Row, { cells }: Version): void {
    if (cells !== undefined) for (const map of this.#lookUps) map.remove(row, cells);
  }

  #mapOf(lookUp: LookUp): RowMap {
    const known = this.#lookUps[lookUp.number];
    if (known !== undefined) return known;
    // Those before it are made as well: a list without holes is walked through at every write.
    for (const each of this.table.lookUps.slice(this.#lookUps.length, lookUp.number + 1)) {
      const map = new RowMap(each);
      for (const row of this.#lookUps[0]?.all ?? []) map.addAllOf(row);
      this.#lookUps.push(map);
    }
    return this.#mapOf(lookUp);
  }
}

/** Finds rows by the values of some columns. */
class RowMap {
  readonly #keyOf: (cells: Cells) => Key;
  readonly #rows = new Map<Key, Row[]>();

  constructor(lookUp: LookUp) {
    this.#keyOf = keyReader(lookUp);
  }

  /** Every row that is found by no column. */
  get all(): readonly Row[] {
    return this.#rows.get("") ?? [];
  }

  get(key: Key): readonly Row[] | undefined {
    return this.#rows.get(key);
  }

  add(row: Row, cells: Cells, before: Cells | undefined): void {
    const key = this.#keyOf(cells);
    if (before !== undefined && this.#keyOf(before) === key) return;
    const rows = this.#rows.get(key);
    if (rows === undefined) this.#rows.set(key, [row]);
    else insertInOrder(rows, row);
  }

  addAllOf(row: Row): void {
    for (let version = row.latest; version !== undefined; version = version.before) {
      if (version.cells !== undefined) this.add(row, version.cells, undefined);
    }
  }

  /** Unless another version of the row has the same values. */
  remove(row: Row, cells: Cells): void {
    const key = this.#keyOf(cells);
    for (let version = row.latest; version !== undefined; version = version.before) {
      if (version.cells !== undefined && this.#keyOf(version.cells) === key) return;
    }
    const rows = this.#rows.get(key);
    const at = rows?.indexOf(row) ?? -1;
    if (at < 0) return;
    rows?.splice(at, 1);
    if (rows?.length === 0) this.#rows.delete(key);
  }
}

/** Reads the key of a row; rows with a NULL among several values have one that equals no other. */
export function keyReader({ positions, types }: LookUp): (cells: Cells) => Key {
  const keys = types.map(keyOfType);
  const [position, key] = [positions[0], keys[0]];
  if (position === undefined || key === undefined) return () => "";
  if (positions.length === 1) return (cells) => key(cells[position] ?? null);
  return (cells) => joinKeys(positions.map((at, index) => keys[index]?.(cells[at] ?? null) ?? null));
}

/** The values of several columns as one; null where one of them is NULL. */
export function joinKeys(keys: readonly Key[]): Key {
  let text = "";
  for (const key of keys) {
    if (key === null) return null;
    text += `${key}\0`;
  }
  return text;
}

function insertInOrder(rows: Row[], row: Row): void {
  let at = rows.length;
  while (at > 0) {
    const other = rows[at - 1];
    if (other === row) return;
    if (other === undefined || isBefore(other.primary, row.primary)) break;
    at -= 1;
  }
  rows.splice(at, 0, row);
}

function isBefore(left: Key, right: Key): boolean {
  return left === null || (right !== null && left <= right);
}
