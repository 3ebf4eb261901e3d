import { AppError, toAppError } from "@mall/kit/errors";
import {
  DatabaseBusyError,
  DuplicateKeyError,
  databaseUnavailable,
  databaseUnusable,
  errorField,
  errorText,
} from "../store-errors.ts";
import type { TableDefinition } from "../table.ts";

/** Primary result codes, https://www.sqlite.org/rescode.html; the low byte of an extended code. */
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
/** TOOBIG, CONSTRAINT other than a unique one, MISMATCH: it is the value that is refused, and the database is well. */
const VALUE_REFUSED = new Set([18, 19, 20]);
/** An extended code. It may come as late as at COMMIT, which several share: no value of theirs is to blame. */
const FOREIGN_KEY = 787;
/** An extended code: another process removed a file first, as happens while several create a database. */
const DELETED_BY_OTHER = 5898;
/** READONLY, IOERR, FULL, CANTOPEN. */
const UNAVAILABLE = new Set([8, 10, 13, 14]);
const UNIQUE_TEXT = /^UNIQUE constraint failed: (.+)$/;

/** Turns an error of node:sqlite into DuplicateKeyError or an AppError; both pass through if they are that already. */
export function convertSqliteError(
  error: unknown,
  tables: ReadonlyMap<string, TableDefinition>,
): DuplicateKeyError | AppError {
  if (error instanceof DuplicateKeyError) return error;
  const unique = UNIQUE_TEXT.exec(errorText(error));
  if (unique !== null) return new DuplicateKeyError(keyOf(unique[1] ?? "", tables), error);
  const code = sqliteCode(error);
  if (code === BUSY || code === LOCKED) return new DatabaseBusyError(error);
  if (code !== undefined && UNAVAILABLE.has(code)) return databaseUnavailable(error);
  if (code === CORRUPT || code === NOT_A_DATABASE) {
    return databaseUnusable("the database file is damaged: restore it from a backup", error);
  }
  if (code !== undefined && VALUE_REFUSED.has(code) && errorField(error, "errcode") !== FOREIGN_KEY) {
    return new AppError("INVALID_ARGUMENT", "INVALID_FIELD", "a value is refused by a rule of the database", {
      cause: error,
    });
  }
  return toAppError(error);
}

/** Whether opening failed because other processes were creating or opening the same file. */
export function isOpeningRace(error: unknown): boolean {
  return sqliteCode(error) === BUSY || errorField(error, "errcode") === DELETED_BY_OTHER;
}

/** The primary result code, or undefined for what is not an error of SQLite. */
export function sqliteCode(error: unknown): number | undefined {
  const code = errorField(error, "errcode");
  return typeof code === "number" ? code & 0xff : undefined;
}

/** SQLite names the columns (`pay.oid`, `t.a, t.b`), or for an index on expressions the index. */
function keyOf(what: string, tables: ReadonlyMap<string, TableDefinition>): string {
  const index = /^index '(.+)'$/.exec(what)?.[1];
  if (index !== undefined) return index;
  const columns = what.split(", ");
  const tableName = columns[0]?.slice(0, columns[0].lastIndexOf(".")) ?? "";
  const table = tables.get(tableName);
  if (table === undefined) return what;
  const properties = columns.map((path) => {
    const name = path.slice(tableName.length + 1);
    return table.columns.find((column) => column.name === name)?.property;
  });
  if (properties.length === 1 && properties[0] === table.primaryKey) return "PRIMARY";
  const key = Object.entries(table.uniqueKeys).find(
    ([, keyed]) => keyed.length === properties.length && keyed.every((name, i) => name === properties[i]),
  );
  return key?.[0] ?? what;
}
