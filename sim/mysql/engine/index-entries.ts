import { type Index, LookUp, type Table } from "../catalog/table.ts";
import { acquire, type Lock, type Steps } from "./lock.ts";
import { type Cells, isSame, type Row } from "./row.ts";
import { keyReader, type TableData } from "./table-data.ts";
import type { Trx } from "./trx.ts";

/** An index that is not unique: whoever looks through it with locks locks the entries of its rows as well. */
export interface EntryIndex {
  readonly positions: readonly number[];
  /** Names the entry that a row has in it. */
  readonly nameOf: (row: Row, cells: Cells) => string;
}

export function entryIndex(table: Table, { name, columns }: Index): EntryIndex {
  const positions = columns.map((column) => table.position(column));
  const types = positions.map((position) => table.columnAt(position).type);
  const keyOf = keyReader(new LookUp(0, positions, types));
  return { positions, nameOf: (row, cells) => `${name} ${keyOf(cells)} ${row.primary}` };
}

export function entryIndexesOf(table: Table): EntryIndex[] {
  return table.indexes.filter(({ isUnique }) => !isUnique).map((index) => entryIndex(table, index));
}

/** The lock of a row's entry. */
export function entryLock({ nameOf }: EntryIndex, data: TableData, row: Row, cells: Cells): Lock {
  return data.lockNamed(nameOf(row, cells));
}

/** Removes the entries of a row that it will not have any more (`next`; undefined: all): nobody may hold them. */
export function* leaveEntries(
  indexes: readonly EntryIndex[],
  {
    data,
    trx,
    row,
    cells,
    next,
  }: { data: TableData; trx: Trx; row: Row; cells: Cells; next: Cells | undefined },
): Steps<void> {
  for (const { positions, nameOf } of indexes) {
    if (next !== undefined && positions.every((position) => isSame(cells[position], next[position])))
      continue;
    const lock = data.knownLock(nameOf(row, cells));
    if (lock !== undefined) yield* acquire(trx, lock, "X");
  }
}
