import type { Catalog, Cell } from "../catalog/table.ts";
import type { Control, Select } from "../sql/ast.ts";
import { parseStatement } from "../sql/parse-statement.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";
import { planDelete, planUpdate } from "./change-plan.ts";
import { planInsert } from "./insert-plan.ts";
import type { Steps } from "./lock.ts";
import { lockRows } from "./locking-scan.ts";
import type { Scope } from "./scope.ts";
import {
  Collector,
  type Field,
  planSelect,
  type Records,
  type SelectPlan,
  selectRows,
} from "./select-plan.ts";
import type { WritePlan } from "./write-plan.ts";

/** Rows with the names and types of what stands in them. */
export interface Answer {
  readonly fields: readonly Pick<Field, "name" | "type">[];
  readonly records: Records;
}

/** A statement, ready to be run as often as somebody sends it. */
export type StatementPlan =
  | { readonly kind: "read"; readonly run: (scope: Scope) => Answer }
  | { readonly kind: "lock"; readonly run: (scope: Scope) => Steps<Answer> }
  | { readonly kind: "write"; readonly table: string; readonly run: WritePlan }
  | { readonly kind: "show"; readonly names: readonly string[] }
  | { readonly kind: "control"; readonly control: Control };

/**
 * Makes a statement ready. `ansi`: under the sql_mode ANSI_QUOTES.
 *
 * @throws UnsupportedSql for what the simulated server does not do.
 */
export function planStatement(sql: string, catalog: Catalog, ansi: boolean): StatementPlan {
  const statement = parseStatement(sql, ansi);
  switch (statement.kind) {
    case "select":
      return planQuery(statement, catalog);
    case "union":
      return planUnion(statement.selects, catalog);
    case "insert":
      return { kind: "write", table: statement.table, run: planInsert(statement, catalog) };
    case "update":
      return { kind: "write", table: statement.table, run: planUpdate(statement, catalog) };
    case "delete":
      return { kind: "write", table: statement.table, run: planDelete(statement, catalog) };
    case "show":
      return statement;
    default:
      return { kind: "control", control: statement };
  }
}

function planQuery(select: Select, catalog: Catalog): StatementPlan {
  const plan = planSelect(select, catalog);
  const { fields } = plan;
  if (plan.lock === "none") {
    return { kind: "read", run: (scope) => ({ fields, records: selectRows(plan, scope) }) };
  }
  return {
    kind: "lock",
    run: function* (scope) {
      return { fields, records: yield* lockAndCollect(plan, scope) };
    },
  };
}

function planUnion(selects: readonly Select[], catalog: Catalog): StatementPlan {
  const plans = selects.map((select) => planSelect(select, catalog));
  const [first] = plans;
  if (first === undefined || plans.some(({ lock }) => lock !== "none")) {
    throw new UnsupportedSql("FOR UPDATE in a UNION");
  }
  const run = (scope: Scope): Answer => ({
    fields: first.fields,
    records: plans.flatMap((plan) => selectRows(plan, scope)),
  });
  return { kind: "read", run };
}

/** Rows are locked in the order of their index, and no more than are wanted. */
function* lockAndCollect(plan: SelectPlan, scope: Scope): Steps<readonly (readonly Cell[])[]> {
  const [source] = plan.sources;
  if (source === undefined || plan.groups !== undefined) throw new UnsupportedSql("FOR UPDATE of aggregates");
  const { named, access } = source;
  const { where, inIndex, sorting } = plan;
  const wanted = plan.limit === undefined ? Number.POSITIVE_INFINITY : Number(plan.limit(scope));
  const collector = new Collector(plan, scope);
  const data = scope.host.dataOf(named.table);
  let count = 0;
  const scan = { data, slot: named.slot, access, where, inIndex, sorting, skips: plan.lock === "skip" };
  if (wanted > 0) {
    yield* lockRows(scan, scope, () => {
      collector.take();
      count += 1;
      return count < wanted;
    });
  }
  return collector.finish();
}
