import type { Position } from "../emit/index.ts";
import type { AstColumn, AstValue } from "./ast.ts";
import { readType } from "./read-type.ts";
import { readName, refuseOthers, type StatementScope } from "./statement-scope.ts";
import { managedRole, NOW, type SqlColumn, type SqlColumnType } from "./table.ts";

const KNOWN = new Set([
  "resource",
  "column",
  "definition",
  "nullable",
  "default_val",
  "comment",
  "auto_increment",
  "primary_key",
  // Of an ALTER TABLE: read by its own reader.
  "action",
  "keyword",
  "suffix",
  "type",
]);

/** One column of CREATE TABLE or ADD COLUMN. */
export function readColumn(node: AstColumn, scope: StatementScope): SqlColumn {
  const position = scope.at(node.column.loc);
  const name = readName(node.column.column, position, scope);
  refuseOthers(node, KNOWN, (part) => scope.fail(position, `${part} of a column is not supported`));
  const { type, declared } = readType(node, position, scope);
  const autoIncrement = node.auto_increment !== undefined;
  if (autoIncrement && type.kind !== "integer") scope.fail(position, "AUTO_INCREMENT is for integers");
  const value = node.default_val?.value;
  const column: SqlColumn = {
    name,
    type,
    declared,
    nullable: node.nullable?.type !== "not null" && !autoIncrement && node.primary_key === undefined,
    autoIncrement,
    defaultValue: readDefault(value, type, { position, scope }),
    onUpdateNow: isOnUpdateNow(value, position, scope),
    comment: node.comment === undefined ? "" : (stringOf(node.comment.value) ?? ""),
    position,
  };
  if (declared.startsWith("timestamp") && node.nullable?.type !== "null") {
    scope.fail(position, "a timestamp says NULL, or some servers set it at every update; or take datetime");
  }
  checkTimes(column, scope);
  return column;
}

interface Place {
  readonly position: Position;
  readonly scope: StatementScope;
}

function readDefault(
  node: AstValue | undefined,
  type: SqlColumnType,
  place: Place,
): SqlColumn["defaultValue"] {
  if (node === undefined || node.type === "null") return undefined;
  const fail = (detail: string): never => place.scope.fail(place.position, detail);
  if (node.type === "function") return isNow(node) ? NOW : fail("this DEFAULT is not supported");
  const string = stringOf(node);
  if (string === undefined && node.type !== "number" && node.type !== "bigint")
    return fail("this DEFAULT is not supported");
  const text = string ?? String(node.value);
  if (type.kind === "integer") {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isInteger(value)) return fail(`DEFAULT ${text} is not an integer`);
    if (value < type.min || value > type.max)
      return fail(`DEFAULT ${text} is not in ${type.min}..${type.max}`);
    return value;
  }
  if (type.kind === "time") return fail("a time takes no DEFAULT but CURRENT_TIMESTAMP");
  if (type.kind === "bytes") return fail("bytes take no DEFAULT");
  if ([...text].length > type.lengthMax) return fail(`DEFAULT is longer than ${type.lengthMax} characters`);
  return text;
}

function isNow(node: AstValue): boolean {
  const name = node.name?.name[0]?.value.toLowerCase();
  return name === "current_timestamp" || name === "now";
}

function isOnUpdateNow(node: AstValue | undefined, position: Position, scope: StatementScope): boolean {
  if (node?.over === undefined || node.over === null) return false;
  if (node.over.type === "on update" && node.over.keyword === "CURRENT_TIMESTAMP") return true;
  return scope.fail(position, `${node.over.type} is not supported`);
}

/** SQLite sets no times by itself, so only the columns that the program manages may rely on it. */
function checkTimes(column: SqlColumn, scope: StatementScope): void {
  const role = managedRole(column);
  if (column.defaultValue === NOW && role !== "created" && role !== "updated") {
    scope.fail(column.position, "DEFAULT CURRENT_TIMESTAMP is for create_time and update_time only");
  }
  if (column.onUpdateNow && role !== "updated") {
    scope.fail(column.position, "ON UPDATE CURRENT_TIMESTAMP is for update_time only");
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
};

const STRING_QUOTES: Readonly<Record<string, string>> = {
  single_quote_string: "'",
  double_quote_string: '"',
};

/** The text of a MySQL string literal, undefined for another value; the parser leaves the escapes in. */
function stringOf(node: AstValue): string | undefined {
  const quote = STRING_QUOTES[node.type];
  if (quote === undefined) return undefined;
  return String(node.value).replace(/''|""|\\([\s\S])/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return ESCAPES[escaped] ?? escaped;
    return match === quote + quote ? quote : match;
  });
}
