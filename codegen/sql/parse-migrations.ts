import { ContractError } from "../emit/index.ts";
import { type ParseSqlOptions, parseSql, type SqlStatement } from "./parse-sql.ts";
import { applyChange, type SqlSchema } from "./replay.ts";
import type { SqlTable } from "./table.ts";

/** One file of a history, e.g. `0001-seed` with the text of `migrations/0001-seed.sql`. */
export interface MigrationSource {
  /** File name without `.sql`. */
  readonly name: string;
  readonly source: string;
  /** Where it is, as errors name it: seen from the folder of the contract. */
  readonly fileName?: string;
}

export interface ParsedMigration {
  readonly name: string;
  readonly fileName: string;
  readonly statements: readonly SqlStatement[];
}

const NAME = /^\d{4}-[a-z0-9]+(-[a-z0-9]+)*$/;

/** The migrations in their order. @throws ContractError for a name or statement out of rule. */
export function parseMigrations(
  sources: readonly MigrationSource[],
  options: Pick<ParseSqlOptions, "leftOut"> = {},
): ParsedMigration[] {
  const sorted = [...sources].sort((left, right) => (left.name < right.name ? -1 : 1));
  return sorted.map(({ name, source, fileName = `migrations/${name}.sql` }, index) => {
    const fail = (detail: string): never => {
      throw new ContractError(fileName, { line: 1, column: 1 }, detail);
    };
    if (!NAME.test(name)) fail("a migration is called NNNN-name.sql, e.g. 0001-seed.sql");
    if (Number(name.slice(0, 4)) !== index + 1) fail("migrations count up from 0001 without a gap");
    const statements = parseSql(source, fileName, options);
    if (statements.length === 0) fail("a migration needs a statement");
    return { name, fileName, statements };
  });
}

/** The schema after each of the migrations. @throws ContractError where the database would refuse one. */
export function replayMigrations(migrations: readonly ParsedMigration[]): SqlSchema[] {
  const schema = new Map<string, SqlTable>();
  return migrations.map(({ fileName, statements }) => {
    for (const change of statements.flatMap((statement) => statement.changes)) {
      if (change.kind === "create" && !change.ifNotExists) {
        // A database of the Go original has the seed's tables already.
        throw new ContractError(fileName, change.position, "a migration says CREATE TABLE IF NOT EXISTS");
      }
      applyChange(schema, change, fileName);
    }
    return new Map(schema);
  });
}
