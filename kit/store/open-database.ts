import type { Runtime } from "@mall/kit/context";
import { type MysqlSource, parseDataSource } from "./data-source.ts";
import type { Database } from "./database.ts";
import { MysqlDatabase } from "./mysql-database.ts";
import { retryBusy } from "./retry-busy.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { databaseUnusable, errorField, errorText } from "./store-errors.ts";

export interface OpenDatabaseOptions {
  /** A DSN of go-sql-driver/mysql, or `sqlite:PATH`. */
  readonly dataSource: string;
  readonly runtime: Runtime;
}

/**
 * Opens a database and makes sure that it answers.
 *
 * @throws AppError INVALID_ARGUMENT for a malformed data source; FAILED_PRECONDITION DATABASE_UNUSABLE
 * saying what is wrong with the database and what to do.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const source = parseDataSource(options.dataSource);
  if (source.dialect === "sqlite") {
    const file = await retryBusy(options.runtime, async () => openSqliteFile(source.path));
    return new SqliteDatabase(file, options.runtime);
  }
  const database = new MysqlDatabase(source, options.runtime);
  try {
    await database.ping();
  } catch (error) {
    await database.close();
    throw describeMysqlFailure(source, error);
  }
  return database;
}

/** The driver's own text is fit for the operator who starts the process: it names host and user, no password. */
function describeMysqlFailure({ address, user, database }: MysqlSource, error: unknown): Error {
  const cause = errorField(error, "cause") ?? error;
  const where = "host" in address ? `${address.host}:${address.port}` : address.socketPath;
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
