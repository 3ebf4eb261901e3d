import type { Catalog, Cell } from "../catalog/table.ts";
import type { Expression, Select } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { type Access, candidates, chooseAccess } from "./access.ts";
import { Aggregates } from "./aggregates.ts";
import { type Key, keyOfType, type ValueType } from "./compare.ts";
import { compileExpression, type ExpressionContext } from "./compile-expression.ts";
import { conjunctsOf, type NamedTable, Names } from "./names.ts";
import type { Compiled, Evaluate, Scope } from "./scope.ts";
import { type SortKey, sortByKeys, sortKeyReader } from "./sorting.ts";

/** A column of an answer. */
export interface Field {
  readonly name: string;
  readonly evaluate: Evaluate;
  readonly type: ValueType;
}

/** A table of a select with the way to its rows. */
interface SourcePlan {
  readonly named: NamedTable;
  readonly access: Access;
  /** What a row of a join must fulfil to belong to those before it. */
  readonly on: Evaluate | undefined;
  readonly isOuter: boolean;
}

/** A select, ready to be run. */
export interface SelectPlan {
  readonly fields: readonly Field[];
  readonly sources: readonly SourcePlan[];
  readonly where: Evaluate | undefined;
  readonly inIndex: Evaluate | undefined;
  /** Undefined: every row stands for itself. */
  readonly groups: { readonly by: readonly Compiled[]; readonly aggregates: Aggregates } | undefined;
  readonly sorting: readonly SortKey[];
  readonly limit: Evaluate | undefined;
  /** Records before these are left out. */
  readonly offset: Evaluate | undefined;
  readonly lock: Select["lock"];
}

/** What the server answers: the values of the fields, row by row. */
export type Records = readonly (readonly Cell[])[];

/** Compiles a select; `outer` are the names of the one that it stands in. */
export function planSelect(select: Select, catalog: Catalog, outer?: Names): SelectPlan {
  const names = new Names(catalog, select.from, outer);
  const aggregates = new Aggregates();
  const context: ExpressionContext = { names, compileSelect: compileInner, aggregate: undefined };
  const compile = (expression: Expression): Compiled => compileExpression(expression, context);
  const inGroup: ExpressionContext = {
    ...context,
    aggregate: (expression) =>
      aggregates.add(
        expression,
        expression.argument === undefined ? undefined : compile(expression.argument),
      ),
  };
  const fields = select.items.flatMap(({ expression, alias }): Field[] => {
    if (expression === undefined) return allFields(names);
    return [{ name: alias ?? nameOf(expression), ...compileExpression(expression, inGroup) }];
  });
  const conditions = conjunctsOf(select.where);
  const sources = names.tables.map((named, index): SourcePlan => {
    const { on, isOuter } = select.from[index] ?? { on: undefined, isOuter: false };
    const own = isOuter ? conjunctsOf(on) : [...conjunctsOf(on), ...conditions];
    const access = chooseAccess(named, own, names, compile);
    return { named, access, on: on && compile(on).evaluate, isOuter };
  });
  const [first] = sources;
  if (select.lock !== "none" && (sources.length !== 1 || outer !== undefined)) {
    throw new UnsupportedSql("FOR UPDATE of more than one table");
  }
  if (select.lock !== "none" && select.offset !== undefined)
    throw new UnsupportedSql("FOR UPDATE beyond an OFFSET");
  const by = select.groupBy.map(compile);
  const sorting = select.orderBy.map(({ expression, descending }) => ({
    by: fieldNamed(expression, select, fields) ?? compileExpression(expression, inGroup),
    descending,
  }));
  return {
    fields,
    sources,
    where: select.where && compile(select.where).evaluate,
    inIndex: conditionOf(first?.access.inIndex ?? [], compile),
    groups: by.length > 0 || aggregates.count > 0 ? { by, aggregates } : undefined,
    sorting,
    limit: select.limit && compile(select.limit).evaluate,
    offset: select.offset && compile(select.offset).evaluate,
    lock: select.lock,
  };
}

/** One condition of several. */
export function conditionOf(
  conditions: readonly Expression[],
  compile: (expression: Expression) => Compiled,
): Evaluate | undefined {
  if (conditions.length === 0) return undefined;
  const all = conditions.reduce((left, right) => ({ kind: "binary", operator: "AND", left, right }));
  return compile(all).evaluate;
}

function compileInner(select: Select, names: Names): (scope: Scope) => readonly Cell[] {
  const plan = planSelect(select, names.catalog, names);
  return (scope) => selectRows(plan, scope).map(([value = null]) => value);
}

function allFields({ tables }: Names): Field[] {
  return tables.flatMap(({ table, slot }) =>
    table.columns.map(({ name, type }, position) => ({
      name,
      type,
      evaluate: ({ rows }) => rows[slot]?.[position] ?? null,
    })),
  );
}

/** A word of ORDER BY may be the alias of a field. */
function fieldNamed(
  expression: Expression,
  { items }: Select,
  fields: readonly Field[],
): Compiled | undefined {
  if (expression.kind !== "column" || expression.table !== undefined) return undefined;
  return items.some(({ alias }) => alias === expression.name)
    ? fields.find(({ name }) => name === expression.name)
    : undefined;
}

function nameOf(expression: Expression): string {
  if (expression.kind === "column") return expression.name;
  if (expression.kind === "number") return String(expression.value);
  throw new UnsupportedSql("a field without a name");
}

/** The rows that a select answers, as its view sees them. */
export function selectRows(plan: SelectPlan, scope: Scope): Records {
  const collector = new Collector(plan, scope);
  visit(plan, scope, 0, () => collector.take());
  return collector.finish();
}

/** Goes through all combinations of rows that belong together. */
function visit(plan: SelectPlan, scope: Scope, index: number, found: () => void): void {
  const source = plan.sources[index];
  if (source === undefined) {
    if (plan.where === undefined || isTrue(plan.where(scope))) found();
    return;
  }
  const { named, access, on, isOuter } = source;
  let isAlone = true;
  for (const row of candidates(access, scope.host.dataOf(named.table), scope)) {
    const cells = scope.view.cellsOf(row);
    if (cells === undefined) continue;
    scope.rows[named.slot] = cells;
    if (on !== undefined && !isTrue(on(scope))) continue;
    isAlone = false;
    visit(plan, scope, index + 1, found);
  }
  if (!isOuter || !isAlone) return;
  scope.rows[named.slot] = undefined;
  visit(plan, scope, index + 1, found);
}

export function isTrue(value: Cell): boolean {
  return value !== null && value !== 0;
}

interface Group {
  readonly accumulators: ReturnType<Aggregates["begin"]>;
  /** The rows that the group began with: what stands beside aggregates is of them. */
  readonly rows: Scope["rows"];
}

/** Makes an answer of the rows that were found. */
export class Collector {
  readonly #plan: SelectPlan;
  readonly #scope: Scope;
  readonly #records: { readonly keys: readonly Key[]; readonly cells: readonly Cell[] }[] = [];
  readonly #groups = new Map<string, Group>();
  readonly #keysOf: (scope: Scope) => readonly Key[];

  constructor(plan: SelectPlan, scope: Scope) {
    this.#plan = plan;
    this.#scope = scope;
    this.#keysOf = sortKeyReader(plan.sorting);
  }

  /** Takes the rows in that the scope looks at. */
  take(): void {
    const { groups } = this.#plan;
    if (groups === undefined) {
      this.#record();
      return;
    }
    const name = groups.by
      .map(({ evaluate, type }) => String(keyOfType(type)(evaluate(this.#scope))))
      .join("\0");
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { accumulators: groups.aggregates.begin(), rows: [...this.#scope.rows] };
      this.#groups.set(name, group);
    }
    for (const accumulator of group.accumulators) accumulator.add(this.#scope);
  }

  finish(): Records {
    const { groups, sorting, limit, offset } = this.#plan;
    if (groups !== undefined) this.#recordGroups(groups);
    const records = sortByKeys(this.#records, sorting).map(({ cells }) => cells);
    const from = offset === undefined ? 0 : Number(offset(this.#scope));
    return limit === undefined ? records : records.slice(from, from + Number(limit(this.#scope)));
  }

  #recordGroups({ by, aggregates }: NonNullable<SelectPlan["groups"]>): void {
    const scope = this.#scope;
    const all = [...this.#groups.values()];
    // Without GROUP BY there is one group, also of no rows.
    if (all.length === 0 && by.length === 0) all.push({ accumulators: aggregates.begin(), rows: [] });
    for (const { accumulators, rows } of all) {
      scope.rows.splice(0, scope.rows.length, ...rows);
      scope.aggregates = accumulators.map(({ value }) => value);
      this.#record();
    }
  }

  #record(): void {
    const scope = this.#scope;
    const { fields } = this.#plan;
    this.#records.push({ keys: this.#keysOf(scope), cells: fields.map(({ evaluate }) => evaluate(scope)) });
  }
}
