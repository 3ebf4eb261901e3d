import { TokenReader } from "../sql/token-reader.ts";
import { readColumn } from "./read-column.ts";
import { type Catalog, type Collation, type Column, type Index, Table } from "./table.ts";

/** Applies a statement of a migration, CREATE TABLE or ALTER TABLE, to a database that has no rows yet. */
export function applySchema(catalog: Catalog, sql: string): void {
  const tokens = new TokenReader(sql, false);
  if (tokens.skip("CREATE", "TABLE")) createTable(catalog, tokens);
  else {
    tokens.expect("ALTER", "TABLE");
    const table = catalog.table(tokens.name());
    tokens.list(() => alter(table, tokens));
  }
  tokens.end();
}

function createTable(catalog: Catalog, tokens: TokenReader): void {
  const ifNew = tokens.skip("IF", "NOT", "EXISTS");
  const name = tokens.name();
  if (catalog.tables.has(name) && !ifNew) throw tokens.unknown();
  const table = new Table(name, catalog.tables.size);
  const columns: ((collation: Collation) => Column)[] = [];
  tokens.enclosed(() => {
    const index = readIndex(tokens);
    if (index === undefined) columns.push(readColumn(tokens));
    else table.indexes = [...table.indexes, index];
  });
  const collation = readOptions(tokens);
  table.columns = columns.map((column) => column(collation));
  if (!catalog.tables.has(name)) catalog.tables.set(name, table);
}

/** What follows the columns; tells how the table's texts are compared. */
function readOptions(tokens: TokenReader): Collation {
  let collation: Collation = "utf8mb4_general_ci";
  while (tokens.peek().kind === "word") {
    if (tokens.skip("COLLATE")) {
      tokens.skip("=");
      tokens.expect("UTF8MB4_BIN");
      collation = "utf8mb4_bin";
    } else if (tokens.skip("ENGINE", "=")) {
      tokens.expect("INNODB");
    } else {
      tokens.skip("DEFAULT");
      tokens.expect("CHARSET", "=", "UTF8MB4");
    }
  }
  return collation;
}

function alter(table: Table, tokens: TokenReader): void {
  if (tokens.skip("DROP", "KEY")) {
    const dropped = tokens.name();
    table.indexes = table.indexes.filter(({ name }) => name !== dropped);
    return;
  }
  tokens.expect("ADD");
  if (tokens.skip("COLUMN")) {
    const column = readColumn(tokens)(collationOf(table));
    const at = tokens.skip("AFTER") ? table.position(tokens.name()) + 1 : table.columns.length;
    table.columns = table.columns.toSpliced(at, 0, column);
    return;
  }
  const index = readIndex(tokens);
  if (index === undefined) throw tokens.unknown();
  table.indexes = [...table.indexes, index];
}

/** New columns are compared as the table's others are. */
function collationOf(table: Table): Collation {
  for (const { type } of table.columns) if (type.kind === "text") return type.collation;
  return "utf8mb4_general_ci";
}

function readIndex(tokens: TokenReader): Index | undefined {
  if (tokens.skip("PRIMARY", "KEY")) {
    return { name: "PRIMARY", isUnique: true, columns: tokens.enclosed(() => tokens.name()) };
  }
  const isUnique = tokens.skip("UNIQUE");
  if (!tokens.skip("KEY") && !tokens.skip("INDEX")) return undefined;
  const index = { name: tokens.name(), isUnique, columns: tokens.enclosed(() => tokens.name()) };
  if (tokens.skip("COMMENT")) tokens.text();
  return index;
}
