import { ContractError, type Position, positionAt } from "../emit/index.ts";
import type { AstColumnRef, AstLocation } from "./ast.ts";
import type { SqlText } from "./split-statements.ts";

/** A statement while it is read: where it stands and how to stop. */
export interface StatementScope {
  /** Where a part of the statement stands; the statement's start where the parser tells no place. */
  at(loc?: AstLocation): Position;
  fail(position: Position, detail: string): never;
}

export function statementScope(statement: SqlText, source: string, fileName: string): StatementScope {
  return {
    at: (loc) => positionAt(source, statement.start + (loc?.start.offset ?? 0)),
    fail: (position, detail) => {
      throw new ContractError(fileName, position, detail);
    },
  };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A table, column or index name: also a name in TypeScript, so letters, digits and underscores. */
export function readName(name: string | null | undefined, position: Position, scope: StatementScope): string {
  if (name === null || name === undefined || name === "") return scope.fail(position, "expected a name");
  if (!NAME.test(name))
    return scope.fail(position, `name \`${name}\` is not letters, digits and underscores`);
  return name;
}

/** The columns of a key, whole and ascending: what both databases index alike. */
export function readKeyColumns(refs: readonly AstColumnRef[], scope: StatementScope): string[] {
  return refs.map((ref) => {
    const position = scope.at(ref.loc);
    if (typeof ref.column !== "string")
      return scope.fail(position, "an expression in a key is not supported");
    if (ref.suffix) return scope.fail(position, "a prefix length in a key is not supported");
    if (ref.order_by) return scope.fail(position, `${ref.order_by.toUpperCase()} in a key is not supported`);
    return readName(ref.column, position, scope);
  });
}

/** Refuses what the parser understood and the generator would lose. */
export function refuseOthers(
  node: object,
  known: ReadonlySet<string>,
  refuse: (name: string) => never,
): void {
  for (const [name, value] of Object.entries(node)) {
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (!known.has(name) && !empty) refuse(name.replaceAll("_", " "));
  }
}
