import type { Catalog, Column, Table } from "../catalog/table.ts";
import type { Expression, Select, Source } from "../sql/ast.ts";
import { UnsupportedSql } from "../unsupported-sql.ts";

/** A table of a statement. */
export interface NamedTable {
  readonly alias: string;
  readonly table: Table;
  /** Its place among the rows of a scope. */
  readonly slot: number;
}

interface Place {
  readonly slot: number;
  readonly position: number;
  readonly column: Column;
}

/** Whose columns a name may mean: those of a select, then those of the select around it. */
export class Names {
  readonly catalog: Catalog;
  readonly tables: readonly NamedTable[];
  readonly #outer: Names | undefined;
  readonly #slots: { count: number };

  constructor(catalog: Catalog, sources: readonly Pick<Source, "alias" | "table">[], outer?: Names) {
    this.catalog = catalog;
    this.#outer = outer;
    this.#slots = outer === undefined ? { count: 0 } : outer.#slots;
    this.tables = sources.map(({ alias, table }) => {
      this.#slots.count += 1;
      return { alias, table: catalog.table(table), slot: this.#slots.count - 1 };
    });
  }

  place(table: string | undefined, name: string): Place {
    const wanted = name.toLowerCase();
    for (const named of this.tables) {
      if (table !== undefined && named.alias !== table) continue;
      const position = named.table.columns.findIndex((column) => column.name.toLowerCase() === wanted);
      if (position >= 0) return { slot: named.slot, position, column: named.table.columnAt(position) };
    }
    if (this.#outer === undefined) throw new UnsupportedSql(`a column ${table ?? ""}.${name}`);
    return this.#outer.place(table, name);
  }

  /** Whether an expression is known once the rows before `slot` are: it asks for no row from there on. */
  isKnownBefore(expression: Expression, slot: number): boolean {
    return columnsOf(expression).every(({ table, name }) => this.place(table, name).slot < slot);
  }
}

type ColumnName = Extract<Expression, { kind: "column" }>;

/** The columns that an expression looks at; a select inside of it is taken for one that looks at all. */
export function columnsOf(expression: Expression): readonly ColumnName[] {
  switch (expression.kind) {
    case "column":
      return [expression];
    case "binary":
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
    case "not":
    case "isNull":
    case "binaryCast":
      return columnsOf(expression.operand);
    case "call":
      return expression.args.flatMap(columnsOf);
    case "case":
      return [
        ...expression.branches.flatMap(({ when, result }) => [...columnsOf(when), ...columnsOf(result)]),
        ...(expression.otherwise === undefined ? [] : columnsOf(expression.otherwise)),
      ];
    case "in":
      return [...expression.left, ...expression.rows.flat()].flatMap(columnsOf);
    case "aggregate":
      return expression.argument === undefined ? [] : columnsOf(expression.argument);
    case "inSelect":
      return [...columnsOf(expression.left), ...columnsOfSelect(expression.select)];
    case "exists":
      return columnsOfSelect(expression.select);
    case "number":
    case "text":
    case "null":
    case "parameter":
    case "variable":
      return [];
  }
}

function columnsOfSelect({ where }: Select): readonly ColumnName[] {
  return where === undefined ? [] : columnsOf(where);
}

/** The conditions that must all hold. */
export function conjunctsOf(condition: Expression | undefined): Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== "binary" || condition.operator !== "AND") return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}
