import type { SqlChange } from "./change.ts";
import { KeyNames } from "./key-names.ts";
import { type ReadColumn, readColumn } from "./read-column.ts";
import { readIndexOptions, readKey, readKeyColumns } from "./read-key.ts";
import type { SqlReader } from "./sql-reader.ts";
import type { SqlColumn, SqlKey, SqlTable } from "./table.ts";

/** What a statement does; nothing where it defines no table. */
export function readStatement(reader: SqlReader): SqlChange[] {
  const { offset } = reader.peek();
  if (reader.takes("CREATE")) return readCreate(reader, offset);
  if (reader.takes("ALTER", "TABLE")) return readAlterTable(reader, offset);
  return reader.fail(`${statementName(reader)} is not supported`, offset);
}

/** `DROP TABLE`, `INSERT`: the words that a statement starts with. */
function statementName(reader: SqlReader): string {
  const [first, second] = [reader.peek(), reader.peek(1)];
  const isPair = ["DROP", "CREATE", "ALTER"].includes(first.keyword) && second.kind === "word";
  return isPair ? `${first.value} ${second.value}`.toUpperCase() : first.value.toUpperCase();
}

function readCreate(reader: SqlReader, offset: number): SqlChange[] {
  if (reader.takes("TABLE")) return [readCreateTable(reader, offset)];
  const unique = reader.takes("UNIQUE");
  if (reader.takes("INDEX")) return [readCreateIndex(reader, unique, offset)];
  return reader.fail(`CREATE ${reader.peek().value.toUpperCase()} is not supported`, offset);
}

function readCreateTable(reader: SqlReader, offset: number): SqlChange {
  const ifNotExists = reader.takes("IF", "NOT", "EXISTS");
  const table = readTableName(reader);
  if (!reader.sees("(")) reader.unexpected('"(": a table is written out in full');
  const created = readDefinitions(table, reader, offset);
  // Engine, character set and the like are the server's.
  return { kind: "create", table, position: reader.at(offset), created, ifNotExists };
}

/** A name with its database in front, which is that of the data source here. */
function readTableName(reader: SqlReader): string {
  const { kind, value, offset } = reader.peek();
  if (kind === "word" && value.includes(".")) {
    reader.next();
    const name = value.slice(value.lastIndexOf(".") + 1);
    if (name !== "") return name;
    return reader.name("the name of a table");
  }
  const name = reader.name("the name of a table");
  if (!reader.takes(".")) return name;
  if (reader.peek().kind === "end") reader.fail("a name ends in a dot", offset);
  return reader.name("the name of a table");
}

interface Definitions {
  readonly columns: SqlColumn[];
  readonly keys: SqlKey[];
  /** The names of these. */
  readonly taken: KeyNames;
  readonly primary: string[];
}

function readDefinitions(name: string, reader: SqlReader, offset: number): SqlTable {
  const found: Definitions = { columns: [], keys: [], taken: new KeyNames(), primary: [] };
  const before = reader.problems.count;
  reader.expect("(");
  do {
    reader.attempt(() => readDefinition(found, reader));
  } while (reader.takes(","));
  // What of the table could not be read may be what the rest needs.
  if (reader.problems.count > before) reader.problems.throwAny();
  reader.expect(")");
  const { keys, primary } = found;
  const [primaryKey] = primary;
  const fail = (detail: string): never => reader.fail(`table \`${name}\` ${detail}`, offset);
  if (primaryKey === undefined || primary.length > 1) return fail("needs a PRIMARY KEY of one column");
  // Its values are there, whatever the column says.
  const columns = found.columns.map((column) =>
    column.name === primaryKey ? { ...column, nullable: false } : column,
  );
  const id = columns.find((column) => column.name === primaryKey);
  if (id === undefined) return fail(`has no column \`${primaryKey}\` for its PRIMARY KEY`);
  if (id.type.kind !== "integer" && id.type.kind !== "text")
    return fail("needs a PRIMARY KEY that is an integer or a text");
  if (columns.some(({ autoIncrement, name: column }) => autoIncrement && column !== primaryKey))
    return fail("has an AUTO_INCREMENT column that is not its PRIMARY KEY");
  return { name, columns, keys, primaryKey };
}

function readDefinition(found: Definitions, reader: SqlReader): void {
  const key = readKey(reader, found.taken);
  if (key?.kind === "primary") found.primary.push(...key.columns);
  else if (key?.kind === "key") addKey(found, key.key);
  else if (key === undefined) addColumn(found, readColumn(reader));
  if (!reader.sees(",") && !reader.sees(")")) reader.unexpected('"," or ")"');
}

function addKey({ keys, taken }: Definitions, key: SqlKey): void {
  keys.push(key);
  taken.add(key.name);
}

function addColumn(found: Definitions, { column, ...of }: ReadColumn): void {
  found.columns.push(column);
  if (of.primary) found.primary.push(column.name);
  if (!of.unique) return;
  const name = found.taken.free(column.name);
  addKey(found, { name, unique: true, columns: [column.name] });
}

function readCreateIndex(reader: SqlReader, unique: boolean, offset: number): SqlChange {
  const name = reader.name("the name of an index");
  if (reader.takes("USING")) reader.next();
  if (!reader.takes("ON")) reader.unexpected("ON");
  const table = readTableName(reader);
  const columns = readKeyColumns(reader, unique);
  readIndexOptions(reader, undefined);
  return { kind: "add-key", table, position: reader.at(offset), key: { name, unique, columns } };
}

function readAlterTable(reader: SqlReader, offset: number): SqlChange[] {
  const table = readTableName(reader);
  const changes: SqlChange[] = [];
  do {
    changes.push(...readAlteration(reader, table, offset));
  } while (reader.takes(","));
  if (reader.peek().kind !== "end") reader.unexpected('"," or the end of the statement');
  return changes;
}

function readAlteration(reader: SqlReader, table: string, offset: number): SqlChange[] {
  if (reader.takes("ADD")) return readAddition(reader, table, offset);
  if (reader.sees("DROP", "KEY") || reader.sees("DROP", "INDEX")) {
    reader.next();
    reader.next();
    const position = reader.at(offset);
    return [{ kind: "drop-key", table, position, key: reader.keyName("the name of a key") }];
  }
  const words = [reader.peek(), reader.peek(1)]
    .filter(({ kind }) => kind === "word")
    .map(({ value }) => value);
  const named = ["DROP", "MODIFY", "CHANGE", "ALTER", "RENAME"].includes(words[0]?.toUpperCase() ?? "");
  const what = (named ? words : words.slice(0, 1)).join(" ").toUpperCase();
  return reader.fail(`ALTER TABLE ${what} is not supported`, offset);
}

function readAddition(reader: SqlReader, table: string, offset: number): SqlChange[] {
  const start = reader.peek();
  const position = reader.at(offset);
  const key = readKey(reader, new KeyNames());
  if (key?.kind === "key") return [{ kind: "add-key", table, position, key: key.key }];
  // Foreign keys and checks are the server's own.
  if (key?.kind === "skipped") return [];
  if (key !== undefined) return reader.fail("only columns and keys can be added", start.offset);
  reader.takes("COLUMN");
  const { column, primary, unique } = readColumn(reader);
  if (primary || unique) reader.fail("add its key by ADD UNIQUE KEY", start.offset);
  return [{ kind: "add-column", table, position: column.position, column, place: readPlace(reader) }];
}

function readPlace(reader: SqlReader): Extract<SqlChange, { kind: "add-column" }>["place"] {
  if (reader.takes("FIRST")) return "first";
  return reader.takes("AFTER") ? { after: reader.name("the name of a column") } : "last";
}
