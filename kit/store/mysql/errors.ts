import { AppError, sqlRefusal, toAppError } from "@mall/kit/errors";
import {
  DATABASE_UNAVAILABLE,
  DatabaseBusyError,
  DuplicateKeyError,
  databaseUnavailable,
  errorField,
  errorText,
} from "../store-errors.ts";

/** Server error numbers, https://mariadb.com/kb/en/mariadb-error-code-reference/. */
export const MYSQL_ERROR = {
  tableExists: 1050,
  unknownTable: 1051,
  duplicateColumn: 1060,
  duplicateKeyName: 1061,
  duplicateEntry: 1062,
  multiplePrimaryKeys: 1068,
  cannotDrop: 1091,
  errorDuringCommit: 1180,
  lockWaitTimeout: 1205,
} as const;

/**
 * Others were in the way, and the transaction is or can be rolled back: try again. On a cluster and on servers that
 * compare at the end, COMMIT itself fails so.
 */
const BUSY: ReadonlySet<number> = new Set([
  1020, // record changed since the transaction's first read (MariaDB's innodb_snapshot_isolation)
  1205, // lock wait timeout
  1213, // deadlock; Galera: another node's transaction was first
  1412, // the table was altered since the transaction began
  3101, // group replication rolled the transaction back
  3572, // NOWAIT met a lock
  8002, // TiDB: SELECT FOR UPDATE met a newer row
  8005, // TiDB: write conflict
  8022, // TiDB: rolled back, may be tried again
  8028, // TiDB: the schema changed meanwhile
  9004, // TiDB: a lock of somebody else could not be resolved
  9007, // TiDB: write conflict
]);

/**
 * The server lets nobody in, or cannot serve at all: another password by now, account locked (1045, 1130, 1698, 1862,
 * 3118, 4151), too many connections, host blocked, shutting down, over a resource limit, offline, without its cluster
 * (1047: a Galera node outside of the primary component; 3100: group replication; 9001 and on: TiDB without PD or TiKV).
 */
const NOT_LET_IN: ReadonlySet<number> = new Set([
  1040, 1045, 1047, 1053, 1077, 1079, 1129, 1130, 1203, 1226, 1637, 1698, 1862, 3032, 3100, 3118, 4151, 8027,
  9001, 9002, 9003, 9005, 9008, 9009, 9010, 9012, 9013,
]);

/**
 * The server cannot do now what is asked: files, disk or table full, out of memory, error at commit, reads locked or
 * server read-only (1223, 1290, 1792, 1836, 1874), connection or query killed or out of time.
 */
const CANNOT_NOW: ReadonlySet<number> = new Set([
  1021, 1023, 1026, 1030, 1037, 1038, 1041, 1114, 1180, 1223, 1290, 1317, 1792, 1836, 1874, 1881, 1927, 1969,
  3024, 3168, 3169, 4031, 8175, 8229, 8501, 9006,
]);

/** The user has not the right to the database, table, column or routine. */
const DENIED: ReadonlySet<number> = new Set([1044, 1142, 1143, 1370]);

const READ_ONLY: ReadonlySet<number> = new Set([1290, 1792, 1836]);

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

/**
 * Turns an error of mysql2 into DuplicateKeyError or an AppError, INVALID_ARGUMENT where a value is at fault; both pass
 * through if they are that already.
 */
export function convertMysqlError(error: unknown): DuplicateKeyError | AppError {
  if (error instanceof DuplicateKeyError) return error;
  const number = mysqlErrorNumber(error);
  if (number === MYSQL_ERROR.duplicateEntry) return new DuplicateKeyError(keyOf(errorText(error)), error);
  if (number !== undefined && isBusy(number, error)) return new DatabaseBusyError(error);
  if (number !== undefined && (NOT_LET_IN.has(number) || CANNOT_NOW.has(number)))
    return databaseUnavailable(error);
  if (isConnectionError(error)) return databaseUnavailable(error);
  return (number !== undefined && sqlRefusal(number, errorText(error), error)) || toAppError(error);
}

/**
 * The same of an error while a connection is opened, over which nothing was asked yet: whatever is wrong, the database
 * cannot be had.
 */
export function convertConnectError(error: unknown): AppError {
  const converted = convertMysqlError(error);
  const isKnown = converted instanceof AppError && converted.reason === DATABASE_UNAVAILABLE;
  return isKnown ? converted : databaseUnavailable(error);
}

/** 1180 is any error of a storage engine at COMMIT; 149 among them is a deadlock. */
function isBusy(number: number, error: unknown): boolean {
  if (number === MYSQL_ERROR.errorDuringCommit) return /error 149\b|deadlock/i.test(errorText(error));
  return BUSY.has(number);
}

/** Whether a row was held by another transaction for longer than the session waits. */
export function isLockWait(error: unknown): boolean {
  return error instanceof AppError && mysqlErrorNumber(error.cause) === MYSQL_ERROR.lockWaitTimeout;
}

/** Whether a write failed because its server takes none (`read_only`, `super_read_only`, a read-only transaction). */
export function isReadOnlyServer(error: unknown): boolean {
  const number = error instanceof AppError ? mysqlErrorNumber(error.cause) : undefined;
  return number !== undefined && READ_ONLY.has(number);
}

/** What the server does not let its user do, in its words; undefined for other errors. */
export function deniedBy(error: unknown): string | undefined {
  const cause = error instanceof AppError ? error.cause : undefined;
  return DENIED.has(mysqlErrorNumber(cause) ?? 0) ? errorText(cause) : undefined;
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
  return number === undefined || NOT_LET_IN.has(number) || errorField(error.cause, "fatal") === true;
}

/** Whether the server does not take a value, be it to store it or to compare it. */
export function isValueRefusal(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === "INVALID_ARGUMENT" &&
    mysqlErrorNumber(error.cause) !== undefined
  );
}

/** Whether the server refused a row, as opposed to not having got or finished the statement. */
export function isRowError(error: unknown): error is Error {
  if (error instanceof DuplicateKeyError || isValueRefusal(error)) return true;
  return (
    error instanceof AppError && error.code === "INTERNAL" && mysqlErrorNumber(error.cause) !== undefined
  );
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
