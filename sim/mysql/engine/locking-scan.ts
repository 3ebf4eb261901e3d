import { type Access, candidates } from "./access.ts";
import { entryLock } from "./index-entries.ts";
import type { Lock, Steps } from "./lock.ts";
import type { Cells, Row } from "./row.ts";
import type { Evaluate, Scope } from "./scope.ts";
import { isTrue } from "./select-plan.ts";
import { type SortKey, sortByKeys, sortKeyReader } from "./sorting.ts";
import type { TableData } from "./table-data.ts";

/** A look at rows that locks them. */
export interface LockingScan {
  readonly data: TableData;
  readonly slot: number;
  readonly access: Access;
  readonly where: Evaluate | undefined;
  /** What the server sees in the index: other rows are not even locked. */
  readonly inIndex: Evaluate | undefined;
  readonly sorting: readonly SortKey[];
  /** Passes over what others have locked. */
  readonly skips: boolean;
}

/**
 * Locks the rows that a statement looks at, one after the other, as they are now and not as the transaction has seen
 * them; those that fulfil the condition go to `found`, which says whether to go on. Gaps between rows are not
 * locked: between the nodes of a cluster they never are, so nothing may rely on it.
 */
export function* lockRows(
  { data, slot, access, where, inIndex, sorting, skips }: LockingScan,
  scope: Scope,
  found: (row: Row, cells: Cells) => Steps<boolean> | boolean,
): Steps<void> {
  const { trx } = scope.view;
  const matches = (cells: Cells | undefined, condition: Evaluate | undefined): boolean => {
    if (cells === undefined) return false;
    scope.rows[slot] = cells;
    return condition === undefined || isTrue(condition(scope));
  };
  const isReadCommitted = trx.isolation === "read committed";
  for (const row of inOrder(candidates(access, data, scope), { sorting, slot, scope })) {
    // Beyond the index a row that does not match is unlocked at once, or, with repeatable reads, stays locked.
    const looksAt = access.by === "other" && isReadCommitted ? where : inIndex;
    if (!versionsOf(row).some((cells) => matches(cells, looksAt))) continue;
    const taken: Lock[] = [];
    const waitedFor: Lock[] = [];
    const entry = entryLockOf(data, access, scope, row);
    const locks = entry === undefined ? [row.lock] : [entry, row.lock];
    let isPassed = false;
    for (const lock of locks) {
      if (lock.holders.get(trx) === "X") continue;
      const isNew = !lock.holders.has(trx);
      if (lock.take(trx, "X")) {
        if (isNew) taken.push(lock);
      } else if (skips) {
        isPassed = true;
        break;
      } else {
        yield { lock, mode: "X" };
        if (isNew) waitedFor.push(lock);
      }
    }
    const cells = row.latest?.cells;
    if (!isPassed && cells !== undefined && matches(cells, where)) {
      const goesOn = found(row, cells);
      if (!(typeof goesOn === "boolean" ? goesOn : yield* goesOn)) return;
    } else if (isReadCommitted && !isPassed) {
      // Of a row that is passed over the entry stays locked: InnoDB gives it back no sooner either.
      for (const lock of taken) trx.unlock(lock);
      // What was waited for stays locked as well, unless there is no such row any more: its insert was taken back.
      if (row.latest === undefined) for (const lock of waitedFor) trx.unlock(lock);
    }
  }
}

/** The lock of the index entry by which a row is found; undefined where it is found by none. */
function entryLockOf(data: TableData, access: Access, scope: Scope, row: Row): Lock | undefined {
  const { by, entries, lookUp, keys } = access;
  if (entries !== undefined) {
    const [cells, before] = versionsOf(row);
    // An entry that a transaction has made or removed is its own as long as it lasts.
    const isNew = row.latest?.cells === undefined || (isUncommitted(row) && before === undefined);
    const isMoved = before !== undefined && entries.positions.some((at) => cells?.[at] !== before[at]);
    return cells === undefined || isNew || isMoved ? undefined : entryLock(entries, data, row, cells);
  }
  if (by !== "unique") return undefined;
  for (const key of keys?.(scope) ?? []) {
    if (key !== null && data.find(lookUp, key).includes(row)) return data.keyLock(lookUp, key);
  }
  return undefined;
}

function isUncommitted({ latest }: Row): boolean {
  return latest?.trx.commitNumber === Number.POSITIVE_INFINITY;
}

/** What a row is, where nobody else changes it, or may become, where somebody does. */
function versionsOf({ latest }: Row): readonly Cells[] {
  const all: Cells[] = [];
  for (let version = latest; version !== undefined; version = version.before) {
    if (version.cells !== undefined) all.push(version.cells);
    if (version.trx.commitNumber !== Number.POSITIVE_INFINITY) break;
  }
  return all;
}

/** Rows in the order in which an index has them. */
function inOrder(
  rows: readonly Row[],
  { sorting, slot, scope }: { sorting: readonly SortKey[]; slot: number; scope: Scope },
): readonly Row[] {
  if (sorting.length === 0 || rows.length < 2) return [...rows];
  const keysOf = sortKeyReader(sorting);
  const sortable = rows.flatMap((row) => {
    const [cells] = versionsOf(row);
    if (cells === undefined) return [];
    scope.rows[slot] = cells;
    return [{ row, keys: keysOf(scope) }];
  });
  return sortByKeys(sortable, sorting).map(({ row }) => row);
}
