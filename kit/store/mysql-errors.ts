import { AppError, toAppError } from "@mall/kit/errors";
import {
  DATABASE_UNAVAILABLE,
  DatabaseBusyError,
  DuplicateKeyError,
  databaseUnavailable,
  errorField,
  errorText,
} from "./store-errors.ts";

/** Server error numbers, https://mariadb.com/kb/en/mariadb-error-code-reference/. */
export const MYSQL_ERROR = {
  tableExists: 1050,
  duplicateColumn: 1060,
  duplicateKeyName: 1061,
  duplicateEntry: 1062,
  cannotDrop: 1091,
  lockWaitTimeout: 1205,
  deadlock: 1213,
} as const;

/**
 * The server cannot serve now: disk full, too many connections, shutting down, table full, connection or
 * query killed, read-only.
 */
const UNAVAILABLE = new Set([1021, 1040, 1053, 1114, 1290, 1317, 1792, 1836, 1927]);

/** Those of them that have nothing to do with what is asked: too many connections, shutting down. */
const NO_ROOM = new Set([1040, 1053]);

/** Codes of mysql2 and of the socket below it that mean: no connection, or none any more. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "HANDSHAKE_NO_SSL_SUPPORT",
  "PROTOCOL_CONNECTION_LOST",
]);

/** Turns an error of mysql2 into DuplicateKeyError or an AppError; both pass through if they are that already. */
export function convertMysqlError(error: unknown): DuplicateKeyError | AppError {
  if (error instanceof DuplicateKeyError) return error;
  const number = mysqlErrorNumber(error);
  if (number === MYSQL_ERROR.duplicateEntry) return new DuplicateKeyError(keyOf(errorText(error)), error);
  if (number === MYSQL_ERROR.deadlock || number === MYSQL_ERROR.lockWaitTimeout) {
    return new DatabaseBusyError(error);
  }
  if (number !== undefined && UNAVAILABLE.has(number)) return databaseUnavailable(error);
  if (isConnectionError(error)) return databaseUnavailable(error);
  return toAppError(error);
}

/** Whether the connection itself is gone or never was. */
function isConnectionError(error: unknown): boolean {
  const code = errorField(error, "code");
  return errorField(error, "fatal") === true || (typeof code === "string" && NO_CONNECTION.has(code));
}

/** Whether an error means that the server does not answer, or has no room for one more; else it is there. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof AppError) || error.reason !== DATABASE_UNAVAILABLE) return false;
  const number = mysqlErrorNumber(error.cause);
  return number === undefined || NO_ROOM.has(number) || errorField(error.cause, "fatal") === true;
}

/** The server's error number, or undefined for what did not come from the server. */
export function mysqlErrorNumber(error: unknown): number | undefined {
  const number = errorField(error, "errno");
  return typeof number === "number" && number > 0 ? number : undefined;
}

/** `Duplicate entry 'x' for key 'idx'`; MySQL 8 writes `table.idx`. */
function keyOf(message: string): string {
  const name = /^.*for key '([^']*)'$/s.exec(message)?.[1] ?? "PRIMARY";
  return name.slice(name.indexOf(".") + 1);
}
