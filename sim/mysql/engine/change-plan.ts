import type { Catalog, Cell, Table } from "../catalog/table.ts";
import type { Delete, Expression, Update } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { type Access, chooseAccess } from "./access.ts";
import { coerce, coerceNow } from "./coerce.ts";
import { compileExpression } from "./compile-expression.ts";
import { type EntryIndex, entryIndexesOf, leaveEntries } from "./index-entries.ts";
import type { Steps } from "./lock.ts";
import { lockRows } from "./locking-scan.ts";
import { conjunctsOf, Names } from "./names.ts";
import { type Cells, isSame, type Row } from "./row.ts";
import type { Compiled, Evaluate, Scope } from "./scope.ts";
import { conditionOf } from "./select-plan.ts";
import type { TableData } from "./table-data.ts";
import { claimKey, leaveKey, type UniqueKey, uniqueKeysOf } from "./unique-keys.ts";
import { change, type WritePlan, type Written } from "./write-plan.ts";

/** The rows that a statement changes. */
interface Target {
  readonly table: Table;
  readonly slot: number;
  readonly access: Access;
  readonly where: Evaluate | undefined;
  readonly inIndex: Evaluate | undefined;
  readonly uniqueKeys: readonly UniqueKey[];
  readonly entries: readonly EntryIndex[];
  readonly compile: (expression: Expression) => Compiled;
}

/** Compiles an UPDATE. */
export function planUpdate(update: Update, catalog: Catalog): WritePlan {
  const target = targetOf(update, catalog);
  const { table } = target;
  const sets = update.sets.map(({ column, value }) => ({
    position: table.position(column),
    evaluate: target.compile(value).evaluate,
  }));
  if (sets.some(({ position }) => position === table.primary))
    throw new UnsupportedSql("a change of a primary key");
  const touched = table.columns.flatMap(({ nowOnUpdate }, position) =>
    nowOnUpdate && !sets.some((set) => set.position === position) ? [position] : [],
  );
  return (scope) =>
    changeAll(target, scope, function* (data, row, cells) {
      const next = assign(target, sets, { cells, scope });
      if (next.every((value, position) => isSame(value, cells[position]))) return;
      for (const position of touched) next[position] = coerceNow(table.columnAt(position), scope.now);
      yield* moveKeys(target.uniqueKeys, { data, row, cells, next, scope });
      yield* leaveEntries(target.entries, { data, trx: scope.view.trx, row, cells, next });
      change(data, row, next, scope);
    });
}

/** Compiles a DELETE. */
export function planDelete(statement: Delete, catalog: Catalog): WritePlan {
  const target = targetOf(statement, catalog);
  return (scope) =>
    changeAll(target, scope, function* (data, row, cells) {
      for (const key of target.uniqueKeys) yield* leaveKey(key, { data, trx: scope.view.trx, cells });
      yield* leaveEntries(target.entries, { data, trx: scope.view.trx, row, cells, next: undefined });
      change(data, row, undefined, scope);
    });
}

function targetOf({ table: name, where }: Update | Delete, catalog: Catalog): Target {
  const names = new Names(catalog, [{ table: name, alias: name }]);
  const [named] = names.tables;
  if (named === undefined) throw new UnsupportedSql("a change of no table");
  const context = { names, compileSelect: refuseSelect, aggregate: undefined };
  const compile = (expression: Expression): Compiled => compileExpression(expression, context);
  const access = chooseAccess(named, conjunctsOf(where), names, compile);
  return {
    table: named.table,
    slot: named.slot,
    access,
    where: where && compile(where).evaluate,
    inIndex: conditionOf(access.inIndex, compile),
    uniqueKeys: uniqueKeysOf(named.table),
    entries: entryIndexesOf(named.table),
    compile,
  };
}

/** Such a select would lock what it reads. */
function refuseSelect(): never {
  throw new UnsupportedSql("a select inside of a change");
}

function* changeAll(
  { table, slot, access, where, inIndex }: Target,
  scope: Scope,
  work: (data: TableData, row: Row, cells: Cells) => Steps<void>,
): Steps<Written> {
  const data = scope.host.dataOf(table);
  let affectedRows = 0;
  const scan = { data, slot, access, where, inIndex, sorting: [], skips: false };
  yield* lockRows(scan, scope, function* (row, cells) {
    affectedRows += 1;
    yield* work(data, row, cells);
    return true;
  });
  return { affectedRows, insertId: 0, returned: undefined };
}

/** From left to right: what comes later sees what came before it. */
function assign(
  { table, slot }: Target,
  sets: readonly { readonly position: number; readonly evaluate: Evaluate }[],
  { cells, scope }: { readonly cells: Cells; readonly scope: Scope },
): Cell[] {
  const next = [...cells];
  scope.rows[slot] = next;
  for (const { position, evaluate } of sets)
    next[position] = coerce(table.columnAt(position), evaluate(scope));
  return next;
}

interface Move {
  readonly data: TableData;
  readonly row: Row;
  readonly cells: Cells;
  readonly next: Cells;
  readonly scope: Scope;
}

function* moveKeys(keys: readonly UniqueKey[], { data, row, cells, next, scope }: Move): Steps<void> {
  const { trx } = scope.view;
  for (const key of keys) {
    if (key.lookUp.positions.every((position) => isSame(cells[position], next[position]))) continue;
    yield* leaveKey(key, { data, trx, cells });
    yield* claimKey(key, { data, trx, row, cells: next });
  }
}
