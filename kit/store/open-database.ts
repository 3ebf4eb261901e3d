import { noopObserver, type Observer } from "@mall/kit/observe";
import type { Breakers } from "@mall/kit/resilience";
import type { Runtime } from "@mall/kit/runtime";
import { type MysqlSource, parseDataSource, serverText } from "./data-source.ts";
import type { Database } from "./database.ts";
import { retryBusy } from "./retry-busy.ts";
import { SqliteDatabase } from "./sqlite/database.ts";
import { openSqliteFile } from "./sqlite/file.ts";
import { databaseUnusable, errorField, errorText } from "./store-errors.ts";

export interface OpenDatabaseOptions {
  /** A DSN of go-sql-driver/mysql, or `sqlite:PATH`. */
  readonly dataSource: string;
  readonly runtime: Runtime;
  /** Of every statement; nobody by default. */
  readonly observer?: Observer;
  /**
   * Puts a breaker in front of a MySQL server; none by default. SQLite has none: it is not asked over a
   * network, and what it refuses (a full disk, a busy file) it refuses at once.
   */
  readonly breakers?: Breakers | undefined;
}

/**
 * Opens a database and makes sure that it answers.
 *
 * @throws AppError INVALID_ARGUMENT for a malformed data source; FAILED_PRECONDITION DATABASE_UNUSABLE
 * saying what is wrong with the database and what to do.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { runtime, observer = noopObserver, breakers } = options;
  const source = parseDataSource(options.dataSource);
  if (source.dialect === "sqlite") {
    const file = await retryBusy(runtime, async () => openSqliteFile(source.path, observer));
    return new SqliteDatabase(file, runtime, observer);
  }
  const MysqlDatabase = await loadMysqlDatabase();
  try {
    return await MysqlDatabase.open(source, { runtime, observer, breakers });
  } catch (error) {
    throw describeMysqlFailure(source, error);
  }
}

/** The driver takes megabytes, of which a process on SQLite has no need. */
export async function loadMysqlDatabase() {
  return (await import("./mysql/database.ts")).MysqlDatabase;
}

/** The driver's own text is fit for the operator who starts the process: it names host and user, no password. */
function describeMysqlFailure({ address, user, database }: MysqlSource, error: unknown): Error {
  const cause = errorField(error, "cause") ?? error;
  const where = serverText(address);
  const why = errorText(cause) || String(errorField(cause, "code"));
  const number = errorField(cause, "errno");
  if (number === 1045 || number === 1698) {
    return databaseUnusable(
      `MySQL at ${where} does not let user "${user}" in (${why}): check user and password`,
      cause,
    );
  }
  if (number === 1044 || number === 1049) {
    return databaseUnusable(
      `MySQL at ${where} has no database "${database}" for user "${user}" (${why})`,
      cause,
    );
  }
  return databaseUnusable(
    `cannot reach MySQL at ${where} (${why}): check Mysql.DataSource, and that the server runs`,
    cause,
  );
}
