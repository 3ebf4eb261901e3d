import type { LookUp, Table } from "../catalog/table.ts";
import type { Key } from "./compare.ts";
import { acquire, type Steps } from "./lock.ts";
import type { Cells, Row } from "./row.ts";
import { ServerError } from "./server-error.ts";
import { keyReader, type TableData } from "./table-data.ts";
import type { Trx } from "./trx.ts";

/** A unique key of a table that is not the primary one. */
export interface UniqueKey {
  readonly name: string;
  readonly lookUp: LookUp;
  readonly keyOf: (cells: Cells) => Key;
}

export function uniqueKeysOf(table: Table): UniqueKey[] {
  return table.indexes
    .filter(({ isUnique, name }) => isUnique && name !== "PRIMARY")
    .map(({ name, columns }) => {
      const lookUp = table.lookUp(columns.map((column) => table.position(column)));
      return { name, lookUp, keyOf: keyReader(lookUp) };
    });
}

/** Who changes what, and by which of its unique keys. */
interface Claim {
  readonly data: TableData;
  readonly trx: Trx;
  readonly row: Row;
  readonly cells: Cells;
}

/**
 * Makes a row the one with its value of a unique key. Where another row has, or is about to have it, that one's
 * transaction is waited for; several that wait for the same one stand in each other's way when it is gone.
 *
 * @throws ServerError duplicate; the value stays locked then as well.
 */
export function* claimKey({ name, lookUp, keyOf }: UniqueKey, { data, trx, row, cells }: Claim): Steps<void> {
  const key = keyOf(cells);
  if (key === null) return;
  const lock = data.keyLock(lookUp, key);
  const isTaken = (): boolean =>
    data
      .find(lookUp, key)
      .some(
        (other) => other !== row && other.latest?.cells !== undefined && keyOf(other.latest.cells) === key,
      );
  if (data.find(lookUp, key).some((other) => other !== row)) {
    yield* acquire(trx, lock, "S");
    trx.keep(lock);
    if (isTaken()) throw duplicate(lookUp, cells, name);
  }
  const isHeld = lock.holders.has(trx);
  yield* acquire(trx, lock, "X");
  if (isTaken()) throw duplicate(lookUp, cells, name);
  if (!isHeld) trx.claim(lock);
}

/** Gives a value of a unique key up: nobody may be looking at it. */
export function* leaveKey(
  { lookUp, keyOf }: UniqueKey,
  { data, trx, cells }: Omit<Claim, "row">,
): Steps<void> {
  const key = keyOf(cells);
  if (key !== null) yield* acquire(trx, data.keyLock(lookUp, key), "X");
}

export function duplicate({ positions }: LookUp, cells: Cells, name: string): ServerError {
  const values = positions.map((position) => String(cells[position]));
  return new ServerError("duplicate", `Duplicate entry '${values.join("-")}' for key '${name}'`);
}
