import { AppError } from "@mall/kit/errors";
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { AnyTables, Database, Dialect } from "./database.ts";
import { MYSQL_ERROR, mysqlErrorNumber } from "./mysql-errors.ts";
import { DuplicateKeyError, errorField } from "./store-errors.ts";
import type { MigrationDefinition, MigrationSet } from "./table.ts";

/**
 * What a statement meets when it has run before: MySQL commits each schema change by itself, so a crash can
 * fall between a statement and the record of its migration.
 */
const ALREADY_DONE = new Set<number>([
  MYSQL_ERROR.tableExists,
  MYSQL_ERROR.duplicateColumn,
  MYSQL_ERROR.duplicateKeyName,
  MYSQL_ERROR.cannotDrop,
]);

/**
 * Brings the tables of one owner up to date, keeping their rows, and returns the names of the migrations
 * that ran. Processes that start together wait for each other.
 *
 * @throws AppError SCHEMA_NEWER, or DUPLICATE_ROWS if rows break a new unique key.
 */
export async function migrateToLatest(database: Database, set: MigrationSet): Promise<string[]> {
  return database.migrationSession(async (query) => {
    refuseNewer(set, await executedMigrations(query, set));
    const { error, results = [] } = await createMigrator(query, database.dialect, set).migrateToLatest();
    if (error !== undefined) throw error;
    return results.map(({ migrationName }) => migrationName);
  });
}

/**
 * Checks without changing anything that all migrations have run, and no others.
 *
 * @throws AppError FAILED_PRECONDITION with reason SCHEMA_OLDER or SCHEMA_NEWER.
 */
export async function assertSchemaCurrent(database: Database, set: MigrationSet): Promise<void> {
  const executed = await executedMigrations(database.query, set);
  refuseNewer(set, executed);
  const missing = set.migrations.filter(({ name }) => !executed.includes(name));
  if (missing.length === 0) return;
  throw new AppError(
    "FAILED_PRECONDITION",
    "SCHEMA_OLDER",
    `the tables of ${set.owner} lack ${missing.map(({ name }) => name).join(", ")}: run \`mall migrate\``,
  );
}

function createMigrator(query: Kysely<AnyTables>, dialect: Dialect, set: MigrationSet): Migrator {
  const migrations = Object.fromEntries(
    set.migrations.map((migration) => [migration.name, createMigration(migration, dialect)]),
  );
  return new Migrator({
    db: query,
    provider: { getMigrations: async () => migrations },
    migrationTableName: `${set.owner}_migration`,
    migrationLockTableName: `${set.owner}_migration_lock`,
  });
}

function createMigration(migration: MigrationDefinition, dialect: Dialect): Migration {
  return {
    async up(query: Kysely<AnyTables>): Promise<void> {
      for (const statement of migration[dialect]) await runStatement(query, migration.name, statement);
    },
  };
}

async function runStatement(query: Kysely<AnyTables>, migration: string, statement: string): Promise<void> {
  try {
    await sql.raw(statement).execute(query);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw duplicateRows(migration, statement, error);
    const number = mysqlErrorNumber(errorField(error, "cause"));
    if (number === undefined || !ALREADY_DONE.has(number)) throw error;
  }
}

function duplicateRows(migration: string, statement: string, error: DuplicateKeyError): AppError {
  const name = '[`"]?([^`"\\s(]+)[`"]?';
  const table = new RegExp(`(?:ALTER TABLE|\\bON)\\s+${name}`, "i").exec(statement)?.[1] ?? "a table";
  const key = new RegExp(`UNIQUE (?:KEY|INDEX)\\s+(?:IF NOT EXISTS\\s+)?${name}`, "i").exec(statement)?.[1];
  return new AppError(
    "FAILED_PRECONDITION",
    "DUPLICATE_ROWS",
    `migration ${migration} adds the unique key ${key ?? error.key} to ${table}, and rows of ${table} break it: ` +
      "remove or merge the rows that have the same values, then migrate again",
    { cause: error },
  );
}

/** Names of the migrations that this database has run; none if it has no record of any. */
async function executedMigrations(query: Kysely<AnyTables>, set: MigrationSet): Promise<string[]> {
  const table = `${set.owner}_migration`;
  const tables = await query.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === table)) return [];
  const rows = await query.selectFrom(table).select("name").execute();
  return rows.map(({ name }) => String(name));
}

function refuseNewer(set: MigrationSet, executed: readonly string[]): void {
  const unknown = executed.filter((name) => !set.migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new AppError(
    "FAILED_PRECONDITION",
    "SCHEMA_NEWER",
    `the tables of ${set.owner} have ${unknown.join(", ")}, which this version does not know: upgrade mall`,
  );
}
