import { AppError, invalidArgument } from "./app-error.ts";

/**
 * What a server of MySQL or MariaDB refuses because of a value, by its error number. Whoever sent the value is at
 * fault, and the server is well; so none of these is an outage.
 */
const RULES: ReadonlyMap<number, string> = new Map([
  [1048, "must not be null"],
  [1264, "is out of range"],
  [1265, "is not a value of its column"],
  [1267, "has characters that the database cannot store"], // compared with a column
  [1270, "has characters that the database cannot store"],
  [1271, "has characters that the database cannot store"],
  [1292, "is not a value of its column"],
  [1300, "has characters that the database cannot store"],
  [1366, "has characters that the database cannot store"],
  [1367, "is not a value of its column"],
  [1406, "is too long"],
  [1411, "is not a value of its column"],
  [1452, "names a row that does not exist"],
  [1525, "is not a value of its column"],
  [1644, "is refused by a rule of the database"], // SIGNAL, e.g. of a trigger
  [1690, "is out of range"],
  [3140, "is not valid JSON"],
  [3819, "is refused by a rule of the database"], // MySQL's CHECK
  [3854, "has characters that the database cannot store"],
  [3988, "has characters that the database cannot store"],
  [4025, "is refused by a rule of the database"], // MariaDB's CHECK
]);

/** Where the servers name a column: MySQL alone, MariaDB with database and table, for a value, a null, a key. */
const COLUMN_TEXTS = [
  /for column (?:`[^`]*`\.){0,2}[`']([^`']+)[`']/g,
  /Column (?:`[^`]*`\.){0,2}[`']([^`']+)[`'] cannot be null/g,
  /CONSTRAINT `[^`.]*\.([^`.]+)` failed/g,
  /FOREIGN KEY \(`([^`]+)`\)/g,
];

const COLUMN_NAME = /^\w{1,64}$/;

/**
 * A value that the database refused, as its sender may see it: INVALID_ARGUMENT that names the field where the server
 * names its column, and nothing else of what it said. Undefined for any other number.
 */
export function sqlRefusal(number: number, text: string, cause: unknown): AppError | undefined {
  const rule = RULES.get(number);
  if (rule === undefined) return undefined;
  const field = fieldIn(text);
  if (field === undefined) {
    return new AppError("INVALID_ARGUMENT", "INVALID_FIELD", `a value ${rule}`, { cause });
  }
  const { code, reason, message } = invalidArgument(field, rule);
  return new AppError(code, reason, message, { field, cause });
}

/** The last column that is named: what comes before may be a part of the value. */
function fieldIn(text: string): string | undefined {
  for (const pattern of COLUMN_TEXTS) {
    const column = [...text.matchAll(pattern)].at(-1)?.[1];
    if (column !== undefined && COLUMN_NAME.test(column)) return propertyOf(column);
  }
  return undefined;
}

/** `held_reason` is `heldReason` in messages. */
function propertyOf(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
