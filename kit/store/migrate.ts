import { AppError } from "@mall/kit/errors";
import { type Kysely, sql } from "kysely";
import type { AnyTables, Database, MigrationSession } from "./database.ts";
import { MYSQL_ERROR, mysqlErrorNumber } from "./mysql/errors.ts";
import type { Dialect } from "./statement.ts";
import { DuplicateKeyError, errorField, errorText } from "./store-errors.ts";
import type { MigrationDefinition, MigrationSet } from "./table.ts";

/**
 * What a statement meets when it has run before: MySQL commits each schema change by itself, so a crash can
 * fall between a statement and the record of its migration, and a holder presumed dead may wake up beside the next.
 */
const ALREADY_DONE = new Set<number>([
  MYSQL_ERROR.tableExists,
  MYSQL_ERROR.unknownTable,
  MYSQL_ERROR.duplicateColumn,
  MYSQL_ERROR.duplicateKeyName,
  MYSQL_ERROR.multiplePrimaryKeys,
  MYSQL_ERROR.cannotDrop,
]);

/**
 * Brings the tables of one owner up to date, keeping their rows, and returns the names of the migrations
 * that ran. Processes that start together wait for each other; what one leaves that dies is finished by the next.
 *
 * @throws AppError SCHEMA_NEWER; DUPLICATE_ROWS if rows break a new unique key; MIGRATION_FAILED with what the
 * database said and what to do; MIGRATION_TAKEN_OVER where this process stood still for so long.
 */
export async function migrateToLatest(database: Database, set: MigrationSet): Promise<string[]> {
  try {
    if ((await missingMigrations(database.query, set)).length === 0) return [];
    return await database.migrationSession(set.owner, (session) => runMissing(session, { set, database }));
  } catch (error) {
    throw isToldAlready(error) ? error : migrationFailed(`the migration of ${set.owner}`, error);
  }
}

/** The names of the migrations that would run, without changing anything. @throws AppError SCHEMA_NEWER */
export async function pendingMigrations(database: Database, set: MigrationSet): Promise<string[]> {
  return (await missingMigrations(database.query, set)).map(({ name }) => name);
}

/**
 * Checks without changing anything that all migrations have run, and no others.
 *
 * @throws AppError FAILED_PRECONDITION with reason SCHEMA_OLDER or SCHEMA_NEWER.
 */
export async function assertSchemaCurrent(database: Database, set: MigrationSet): Promise<void> {
  const missing = await missingMigrations(database.query, set);
  if (missing.length === 0) return;
  throw new AppError(
    "FAILED_PRECONDITION",
    "SCHEMA_OLDER",
    `the tables of ${set.owner} lack ${missing.map(({ name }) => name).join(", ")}: run \`mall migrate\``,
  );
}

async function runMissing(
  { query, step }: MigrationSession,
  { set, database }: { readonly set: MigrationSet; readonly database: Database },
): Promise<string[]> {
  // Another process may have been quicker while this one waited for its turn.
  const missing = await missingMigrations(query, set);
  if (missing.length === 0) return [];
  const table = `${set.owner}_migration`;
  await step(() => createRecord(query, table));
  for (const migration of missing) {
    for (const statement of statementsOf(migration, database.dialect)) {
      await step(() => runStatement(query, `${migration.name} of ${set.owner}`, statement));
    }
    const timestamp = new Date(database.runtime.now()).toISOString();
    await step(() => record(query, table, { name: migration.name, timestamp }));
  }
  return missing.map(({ name }) => name);
}

function statementsOf(migration: MigrationDefinition, dialect: Dialect): readonly string[] {
  return migration[dialect];
}

/** As Kysely's migrator made it, which ran migrations before. */
async function createRecord(query: Kysely<AnyTables>, table: string): Promise<void> {
  await query.schema
    .createTable(table)
    .ifNotExists()
    .addColumn("name", "varchar(255)", (column) => column.notNull().primaryKey())
    .addColumn("timestamp", "varchar(255)", (column) => column.notNull())
    .execute();
}

async function record(
  query: Kysely<AnyTables>,
  table: string,
  row: { readonly name: string; readonly timestamp: string },
): Promise<void> {
  try {
    await query.insertInto(table).values(row).execute();
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
  }
}

async function runStatement(query: Kysely<AnyTables>, migration: string, statement: string): Promise<void> {
  try {
    await sql.raw(statement).execute(query);
  } catch (error) {
    if (error instanceof DuplicateKeyError) throw duplicateRows(migration, statement, error);
    const number = mysqlErrorNumber(errorField(error, "cause"));
    if (number !== undefined && ALREADY_DONE.has(number)) return;
    throw isInternal(error) ? migrationFailed(`migration ${migration}`, error) : error;
  }
}

function isInternal(error: unknown): boolean {
  return !(error instanceof AppError) || error.code === "INTERNAL";
}

/** Whether an error says what to do: it is not just that the database fails. */
function isToldAlready(error: unknown): boolean {
  return error instanceof AppError && error.code !== "INTERNAL" && error.code !== "UNAVAILABLE";
}

/** The database's own text is fit for the operator who migrates. */
function migrationFailed(what: string, error: unknown): AppError {
  const why = errorText(errorField(error, "cause") ?? error);
  const next = isInternal(error)
    ? "mend what it says, then migrate again"
    : "migrate again once the database takes writes";
  const text = `${what} could not be finished (${why}): ${next}; what was done stays, and all else is as it was`;
  return new AppError("FAILED_PRECONDITION", "MIGRATION_FAILED", text, { cause: error });
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

/** The migrations that this database has not run. @throws AppError SCHEMA_NEWER */
async function missingMigrations(
  query: Kysely<AnyTables>,
  set: MigrationSet,
): Promise<MigrationDefinition[]> {
  const executed = await executedMigrations(query, set);
  refuseNewer(set, executed);
  return set.migrations.filter(({ name }) => !executed.includes(name));
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
