import { readType } from "./read-type.ts";
import type { SqlReader } from "./sql-reader.ts";
import { MANAGED, NOW, type SqlColumn, type SqlColumnType } from "./table.ts";

/** A column, and what its definition says of the table's keys. */
export interface ReadColumn {
  readonly column: SqlColumn;
  readonly primary: boolean;
  readonly unique: boolean;
}

/** What may stand behind the type of a column, in any order. */
interface Attributes {
  nullable?: boolean;
  autoIncrement: boolean;
  primary: boolean;
  unique: boolean;
  defaultValue: SqlColumn["defaultValue"];
  onUpdateNow: boolean;
  comment: string;
}

/** One column of CREATE TABLE or ADD COLUMN; leaves FIRST and AFTER of the latter. */
export function readColumn(reader: SqlReader): ReadColumn {
  const { offset } = reader.peek();
  const position = reader.at();
  const name = reader.name("the name of a column");
  const { type, declared } = readType(reader);
  const attributes: Attributes = {
    autoIncrement: false,
    primary: false,
    unique: false,
    defaultValue: undefined,
    onUpdateNow: false,
    comment: "",
  };
  while (!isEnd(reader)) readAttribute(reader, type, attributes, offset);
  const { nullable = true, primary, unique, autoIncrement, ...rest } = attributes;
  if (autoIncrement && type.kind !== "integer") reader.fail("AUTO_INCREMENT is for integers", offset);
  const column = {
    ...rest,
    name,
    leftOut: reader.leftOut?.has(name) ?? (type.kind === "time" && MANAGED.has(name)),
    type,
    declared,
    nullable: nullable && !autoIncrement && !primary,
    autoIncrement,
    position,
  };
  return { column, primary, unique };
}

/** What stands behind a column. */
const ENDS: ReadonlySet<string> = new Set([",", ")", "FIRST", "AFTER"]);

function isEnd(reader: SqlReader): boolean {
  const { kind, keyword } = reader.peek();
  return kind === "end" || ENDS.has(keyword);
}

/** Words that change nothing of what a program sees, each with what follows it. */
const WITH_WORD = ["COLLATE", "CHARSET", "COLUMN_FORMAT", "STORAGE", "SRID"];

function readAttribute(reader: SqlReader, type: SqlColumnType, found: Attributes, offset: number): void {
  if (reader.takes("NOT", "NULL")) found.nullable = false;
  else if (reader.takes("NULL")) found.nullable = true;
  else if (reader.takes("DEFAULT")) found.defaultValue = readDefault(reader, type, offset);
  else if (reader.takes("AUTO_INCREMENT")) found.autoIncrement = true;
  else if (reader.takes("PRIMARY", "KEY") || reader.takes("KEY")) found.primary = true;
  else if (reader.takes("UNIQUE")) {
    reader.takes("KEY");
    found.unique = true;
  } else if (reader.takes("COMMENT")) found.comment = reader.text("the text of the comment");
  else if (reader.takes("ON", "UPDATE")) {
    if (!takesNow(reader)) reader.unexpected("CURRENT_TIMESTAMP");
    found.onUpdateNow = true;
  } else skipAttribute(reader);
}

function skipAttribute(reader: SqlReader): void {
  const word = WITH_WORD.find((each) => reader.takes(each));
  if (word !== undefined || reader.takes("CHARACTER", "SET") || reader.takes("CHAR", "SET")) reader.next();
  else if (reader.sees("GENERATED") || reader.sees("AS")) reader.fail("a generated column is not supported");
  else if (reader.takes("VISIBLE") || reader.takes("INVISIBLE")) return;
  else if (reader.takes("CONSTRAINT")) {
    if (!reader.sees("CHECK")) reader.next();
  } else if (reader.takes("CHECK")) {
    reader.skipBrackets();
    if (reader.takes("NOT", "ENFORCED") || reader.takes("ENFORCED")) return;
  } else if (reader.takes("REFERENCES")) skipReference(reader);
  else reader.unexpected("an attribute of a column, a comma or a bracket");
}

/** `table (columns) [ON DELETE …] [ON UPDATE …]`, behind REFERENCES. */
export function skipReference(reader: SqlReader): void {
  reader.name("the name of a table");
  if (reader.sees("(")) reader.skipBrackets();
  if (reader.takes("MATCH")) reader.next();
  while (reader.takes("ON", "DELETE") || reader.takes("ON", "UPDATE")) {
    if (reader.takes("SET") || reader.takes("NO")) reader.next();
    else reader.next();
  }
}

function readDefault(reader: SqlReader, type: SqlColumnType, offset: number): SqlColumn["defaultValue"] {
  if (reader.takes("NULL")) return undefined;
  const fail = (detail: string): never => reader.fail(detail, offset);
  if (takesNow(reader)) return type.kind === "time" ? NOW : fail("CURRENT_TIMESTAMP is a DEFAULT of times");
  const text = readLiteral(reader);
  if (text === undefined) return fail("this DEFAULT is not supported");
  switch (type.kind) {
    case "integer":
    case "boolean":
      return wholeDefault(text, type, fail);
    case "float":
      return Number.isFinite(Number(text)) && text !== ""
        ? Number(text)
        : fail(`DEFAULT ${text} is not a number`);
    case "decimal":
      return /^[-+]?\d+(\.\d+)?$/.test(text) ? text : fail(`DEFAULT ${text} is not a decimal number`);
    case "time":
      return timeDefault(text, fail);
    case "bytes":
      return fail("bytes take no DEFAULT");
    default:
      return textDefault(text, type, fail);
  }
}

/** A string, a number with its sign, a truth value or `b'01'`, as text. */
function readLiteral(reader: SqlReader): string | undefined {
  const sign = reader.takes("-") ? "-" : reader.takes("+") ? "" : "";
  if (reader.peek().kind === "number") return sign + reader.next().value;
  if (reader.takes("TRUE")) return "1";
  if (reader.takes("FALSE")) return "0";
  if (reader.sees("B") && reader.peek(1).kind === "text") {
    reader.next();
    return String(Number.parseInt(reader.next().value || "0", 2));
  }
  return reader.peek().kind === "text" ? reader.next().value : undefined;
}

function wholeDefault(
  text: string,
  type: Extract<SqlColumnType, { kind: "integer" | "boolean" }>,
  fail: (detail: string) => never,
): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const { min, max } = type.kind === "integer" ? type : { min: 0, max: 1 };
  if (!Number.isInteger(value)) return fail(`DEFAULT ${text} is not an integer`);
  return value < min || value > max ? fail(`DEFAULT ${text} is not in ${min}..${max}`) : value;
}

const TIME = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?)?$/;

function timeDefault(text: string, fail: (detail: string) => never): string {
  return TIME.test(text) ? text : fail(`DEFAULT ${text} is not a time`);
}

function textDefault(text: string, type: SqlColumnType, fail: (detail: string) => never): string {
  if (type.kind === "date" && !/^\d{4}-\d\d-\d\d$/.test(text)) return fail(`DEFAULT ${text} is not a date`);
  if (type.kind !== "text") return text;
  if ([...text].length > type.lengthMax) return fail(`DEFAULT is longer than ${type.lengthMax} characters`);
  return type.values?.includes(text) === false ? fail(`DEFAULT ${text} is not a value of the enum`) : text;
}

function takesNow(reader: SqlReader): boolean {
  const isNow = ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"].some((word) =>
    reader.takes(word),
  );
  if (isNow && reader.sees("(")) reader.skipBrackets();
  return isNow;
}
