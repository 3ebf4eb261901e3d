import type { Position } from "../emit/index.ts";
import type { AstAlteration, AstConstraint, AstDefinition, AstIndex, AstStatement, AstTable } from "./ast.ts";
import type { SqlChange } from "./change.ts";
import { readColumn } from "./read-column.ts";
import { readKeyColumns, readName, refuseOthers, type StatementScope } from "./statement-scope.ts";
import type { SqlColumn, SqlKey, SqlTable } from "./table.ts";

type CreateTable = Extract<AstStatement, { type: "create"; keyword: "table" }>;
type CreateIndex = Extract<AstStatement, { type: "create"; keyword: "index" }>;

/** What a parsed statement does. */
export function readStatement(node: AstStatement, scope: StatementScope): SqlChange[] {
  if (node.type === "create" && node.keyword === "table") return [readCreateTable(node, scope)];
  if (node.type === "create" && node.keyword === "index") return [readCreateIndex(node, scope)];
  if (node.type === "alter" && Array.isArray(node.expr)) {
    const table = readTable(node.table[0], scope);
    return node.expr.map((expression) => readAlteration(expression, table, scope));
  }
  const { type, keyword = "" } = node as { type: string; keyword?: string };
  return scope.fail(scope.at(), `${`${type} ${keyword}`.trim().toUpperCase()} is not supported`);
}

const TABLE_PARTS = new Set([
  "type",
  "keyword",
  "if_not_exists",
  "table",
  "create_definitions",
  "table_options",
]);
const TABLE_OPTIONS = new Set([
  "engine",
  "default charset",
  "charset",
  "default collate",
  "collate",
  "comment",
]);

function readCreateTable(node: CreateTable, scope: StatementScope): SqlChange {
  const position = scope.at();
  refuseOthers(node, TABLE_PARTS, (part) => scope.fail(position, `${part} of a table is not supported`));
  for (const option of node.table_options ?? []) {
    if (!TABLE_OPTIONS.has(option.keyword)) {
      scope.fail(position, `table option ${option.keyword} is not supported`);
    }
  }
  const table = readTable(node.table[0], scope);
  const created = readDefinitions(table, node.create_definitions ?? [], scope);
  return { kind: "create", table, position, created, ifNotExists: node.if_not_exists !== null };
}

function readDefinitions(
  name: string,
  definitions: readonly AstDefinition[],
  scope: StatementScope,
): SqlTable {
  const columns: SqlColumn[] = [];
  const keys: SqlKey[] = [];
  const primary: string[] = [];
  for (const definition of definitions) {
    if (definition.resource === "column") {
      columns.push(readColumn(definition, scope));
      if (definition.primary_key !== undefined) primary.push(definition.column.column);
    } else if (definition.resource === "constraint" && definition.constraint_type === "primary key") {
      primary.push(...readKeyColumns(definition.definition, scope));
    } else {
      keys.push(readKey(definition, scope));
    }
  }
  const id = columns.find((column) => column.name === primary[0]);
  if (primary.length !== 1 || id?.autoIncrement !== true) {
    return scope.fail(scope.at(), `table \`${name}\` needs one AUTO_INCREMENT column as PRIMARY KEY`);
  }
  return { name, columns, keys, primaryKey: id.name };
}

function readKey(node: AstConstraint | AstIndex, scope: StatementScope): SqlKey {
  const position = scope.at(node.definition[0]?.loc);
  const kind = node.resource === "constraint" ? node.constraint_type : node.keyword;
  const unique = /^unique( key| index)?$/.test(kind);
  if (!unique && kind !== "key" && kind !== "index") return scope.fail(position, `${kind} is not supported`);
  const name = node.index ?? (node.resource === "constraint" ? node.constraint : undefined);
  if (!name) return scope.fail(position, "a key must have a name");
  const columns = readKeyColumns(node.definition, scope);
  const only = node.resource === "index" ? readOnlyRows(node, position, scope) : undefined;
  return { name: readName(name, position, scope), unique, columns, ...(only && { only }) };
}

const ONLY_ROWS = /^sqlite: only where ([A-Za-z_][A-Za-z0-9_]*) = (\d{1,9})$/;

/** A comment on a key says what MySQL's syntax has no words for. */
function readOnlyRows(
  { index_options }: AstIndex,
  position: Position,
  scope: StatementScope,
): SqlKey["only"] {
  const comment = index_options?.find(({ type }) => type === "comment")?.value?.value;
  if (typeof comment !== "string" || !comment.startsWith("sqlite:")) return undefined;
  const [, column, value] = ONLY_ROWS.exec(comment) ?? [];
  if (column === undefined) {
    return scope.fail(position, "a key's comment for SQLite is: sqlite: only where COLUMN = NUMBER");
  }
  return { column, value: Number(value) };
}

function readCreateIndex(node: CreateIndex, scope: StatementScope): SqlChange {
  const position = scope.at();
  if (node.index_type !== null && node.index_type !== "unique") {
    return scope.fail(position, `${node.index_type} index is not supported`);
  }
  const columns = readKeyColumns(node.index_columns, scope);
  const key = { name: readName(node.index, position, scope), unique: node.index_type === "unique", columns };
  return { kind: "add-key", table: readTable(node.table, scope), position, key };
}

function readAlteration(node: AstAlteration, table: string, scope: StatementScope): SqlChange {
  const { action, resource } = node as { action?: string; resource: string };
  if (node.action === "add" && node.resource === "column") {
    const column = readColumn(node, scope);
    return { kind: "add-column", table, position: column.position, column, place: readPlace(node, scope) };
  }
  const position = scope.at();
  if (node.action === "add" && node.resource === "index") {
    return { kind: "add-key", table, position, key: readKey(node, scope) };
  }
  if (node.action === "add" && node.resource === "constraint") {
    return { kind: "add-key", table, position, key: readKey(node.create_definitions, scope) };
  }
  if (node.action === "drop" && (node.resource === "key" || node.resource === "index")) {
    return { kind: "drop-key", table, position, key: readDropped(node, position, scope) };
  }
  return scope.fail(
    position,
    `ALTER TABLE ${`${action ?? ""} ${resource}`.trim().toUpperCase()} is not supported`,
  );
}

function readPlace(
  node: Extract<AstAlteration, { resource: "column" }>,
  scope: StatementScope,
): Extract<SqlChange, { kind: "add-column" }>["place"] {
  if (!node.suffix) return "last";
  if (node.suffix.keyword.toUpperCase() === "FIRST") return "first";
  const position = scope.at(node.suffix.expr?.loc);
  return { after: readName(node.suffix.expr?.column, position, scope) };
}

function readDropped(
  node: Extract<AstAlteration, { action: "drop" }>,
  position: Position,
  scope: StatementScope,
): string {
  if (node.keyword === "primary key") return scope.fail(position, "DROP PRIMARY KEY is not supported");
  return readName(node.resource === "key" ? node.key : node.index, position, scope);
}

function readTable(node: AstTable | undefined, scope: StatementScope): string {
  if (node?.db) return scope.fail(scope.at(), "a database name before the table is not supported");
  return readName(node?.table, scope.at(), scope);
}
