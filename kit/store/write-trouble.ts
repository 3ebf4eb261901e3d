import { AppError } from "@mall/kit/errors";
import { mysqlErrorNumber } from "./mysql/errors.ts";
import { sqliteCode } from "./sqlite/errors.ts";
import { DATABASE_UNAVAILABLE, DatabaseBusyError } from "./store-errors.ts";

type Trouble =
  | "it is read-only"
  | "it has no majority of its cluster"
  | "it has no room left"
  | "it lets nobody in";

/** https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const MYSQL_TROUBLES: Readonly<Record<number, Trouble>> = {
  1021: "it has no room left",
  1036: "it is read-only",
  1041: "it has no room left",
  1047: "it has no majority of its cluster",
  1114: "it has no room left",
  1290: "it is read-only",
  1792: "it is read-only",
  1836: "it is read-only",
  1040: "it lets nobody in",
  1044: "it lets nobody in",
  1045: "it lets nobody in",
  1130: "it lets nobody in",
  1142: "it lets nobody in",
  1203: "it lets nobody in",
  1226: "it lets nobody in",
  1698: "it lets nobody in",
  1862: "it lets nobody in",
  3118: "it lets nobody in",
  4151: "it lets nobody in",
};

/** https://www.sqlite.org/rescode.html */
const SQLITE_TROUBLES: Readonly<Record<number, Trouble>> = {
  8: "it is read-only",
  13: "it has no room left",
};

/** Why a write failed, in words fit for anybody; undefined where the database is only busy. */
export function writeTroubleOf(error: unknown): string | undefined {
  if (error instanceof DatabaseBusyError) return undefined;
  const known = knownTroubleOf(error);
  if (known !== undefined) return known;
  const gone = error instanceof AppError && error.reason === DATABASE_UNAVAILABLE;
  return gone ? "it does not answer" : "it takes no writes";
}

/** Whether a write failed for what only other writes will show: a look for trouble needs no room. */
export function isForWantOfRoom(error: unknown): boolean {
  return knownTroubleOf(error) === "it has no room left";
}

function knownTroubleOf(error: unknown): Trouble | undefined {
  const cause = error instanceof AppError ? error.cause : error;
  const number = mysqlErrorNumber(cause);
  if (number !== undefined) return MYSQL_TROUBLES[number];
  const code = sqliteCode(cause);
  return code === undefined ? undefined : SQLITE_TROUBLES[code];
}
