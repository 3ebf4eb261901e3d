import type { KeyNames } from "./key-names.ts";
import { skipReference } from "./read-column.ts";
import type { SqlReader } from "./sql-reader.ts";
import type { SqlKey } from "./table.ts";

/** What a definition in a table's brackets is, if it is no column. */
export type ReadKey =
  | { readonly kind: "primary"; readonly columns: readonly string[] }
  | { readonly kind: "key"; readonly key: SqlKey }
  /** What only the database has a use for: foreign keys, checks, full-text and spatial indexes. */
  | { readonly kind: "skipped" };

/** A key or constraint of CREATE TABLE or ALTER TABLE ADD; undefined where a column comes. */
export function readKey(reader: SqlReader, taken: KeyNames): ReadKey | undefined {
  const constraint = readConstraintName(reader);
  if (reader.takes("PRIMARY", "KEY")) {
    skipIndexType(reader);
    const columns = readKeyColumns(reader, true);
    readIndexOptions(reader, undefined);
    return { kind: "primary", columns };
  }
  if (reader.takes("UNIQUE")) {
    if (!reader.takes("KEY")) reader.takes("INDEX");
    return { kind: "key", key: readIndex(reader, { unique: true, constraint, taken }) };
  }
  if (isKeyWord(reader)) {
    reader.next();
    return { kind: "key", key: readIndex(reader, { unique: false, constraint, taken }) };
  }
  if (reader.takes("FULLTEXT") || reader.takes("SPATIAL")) return skipIndex(reader);
  if (reader.takes("FOREIGN", "KEY")) return skipForeignKey(reader);
  if (reader.takes("CHECK")) {
    reader.skipBrackets();
    if (!reader.takes("NOT", "ENFORCED")) reader.takes("ENFORCED");
    return { kind: "skipped" };
  }
  return constraint === undefined ? undefined : reader.unexpected("what is constrained");
}

/** A column may be called `key`, in back quotes. */
function isKeyWord(reader: SqlReader): boolean {
  return (reader.sees("KEY") || reader.sees("INDEX")) && reader.peek(1).kind !== "end";
}

/** Undefined without CONSTRAINT, empty where it has no name. */
function readConstraintName(reader: SqlReader): string | undefined {
  if (!reader.takes("CONSTRAINT")) return undefined;
  const isUnnamed = ["UNIQUE", "PRIMARY", "FOREIGN", "CHECK"].some((word) => reader.sees(word));
  return isUnnamed ? "" : reader.name("the name of the constraint");
}

function skipIndex(reader: SqlReader): ReadKey {
  if (!reader.takes("KEY")) reader.takes("INDEX");
  while (!reader.sees("(") && reader.peek().kind !== "end") reader.next();
  reader.skipBrackets();
  readIndexOptions(reader, undefined);
  return { kind: "skipped" };
}

function skipForeignKey(reader: SqlReader): ReadKey {
  if (!reader.sees("(")) reader.next();
  reader.skipBrackets();
  if (!reader.takes("REFERENCES")) reader.unexpected("REFERENCES");
  skipReference(reader);
  return { kind: "skipped" };
}

interface IndexHead {
  readonly unique: boolean;
  readonly constraint: string | undefined;
  /** Names that the table's keys have by now. */
  readonly taken: KeyNames;
}

function readIndex(reader: SqlReader, { unique, constraint = "", taken }: IndexHead): SqlKey {
  const isUnnamed = reader.sees("(") || reader.sees("USING");
  const what = "the name of a key";
  const named = isUnnamed ? constraint : unique ? reader.name(what) : reader.keyName(what);
  skipIndexType(reader);
  const { offset } = reader.peek(1);
  const columns = readKeyColumns(reader, unique);
  const only = readIndexOptions(reader, offset);
  const name = named === "" ? taken.free(columns[0] ?? "") : named;
  return { name, unique, columns, ...(only && { only }) };
}

function skipIndexType(reader: SqlReader): void {
  if (reader.takes("USING") || reader.takes("TYPE")) reader.next();
}

/** The columns of a key. An index over the start of a text is one over the whole to SQLite, but not if it is unique. */
export function readKeyColumns(reader: SqlReader, unique: boolean): string[] {
  reader.expect("(");
  const columns: string[] = [];
  while (!reader.takes(")")) {
    if (reader.sees("(")) reader.fail("an expression in a key is not supported");
    const { offset } = reader.peek();
    columns.push(reader.name("the name of a column"));
    if (reader.sees("(")) {
      if (unique) reader.fail("a prefix length in a unique key is not supported", offset);
      reader.skipBrackets();
    }
    if (!reader.takes("ASC")) reader.takes("DESC");
    if (!reader.sees(")")) reader.expect(",");
  }
  return columns;
}

const ONLY_ROWS = /^sqlite: only where ([A-Za-z_][A-Za-z0-9_]*) = (\d{1,9})$/;

/** A comment on a key says what MySQL's syntax has no words for; its other options are the server's. */
export function readIndexOptions(reader: SqlReader, offset: number | undefined): SqlKey["only"] {
  let only: SqlKey["only"];
  for (;;) {
    if (reader.takes("COMMENT")) only = onlyRows(reader, reader.text("the text of the comment"), offset);
    else if (reader.takes("USING") || reader.takes("WITH", "PARSER")) reader.next();
    else if (reader.takes("KEY_BLOCK_SIZE")) {
      reader.takes("=");
      reader.next();
    } else if (!reader.takes("VISIBLE") && !reader.takes("INVISIBLE")) return only;
  }
}

function onlyRows(reader: SqlReader, comment: string, offset: number | undefined): SqlKey["only"] {
  if (!comment.startsWith("sqlite:")) return undefined;
  const [, column, value] = ONLY_ROWS.exec(comment) ?? [];
  if (column === undefined)
    return reader.fail("a key's comment for SQLite is: sqlite: only where COLUMN = NUMBER", offset);
  return { column, value: Number(value) };
}
