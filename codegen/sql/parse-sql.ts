import { createPositions, Problems } from "../emit/index.ts";
import type { SqlChange } from "./change.ts";
import { readStatement } from "./read-statement.ts";
import { splitStatements } from "./split-statements.ts";
import { SqlReader } from "./sql-reader.ts";

/** A statement and what it does. */
export interface SqlStatement {
  /** As written, without comments. */
  readonly text: string;
  readonly changes: readonly SqlChange[];
}

export interface ParseSqlOptions {
  /** True passes over what defines no table, as a dump has it: SET, USE, DROP, INSERT, LOCK and the like. */
  readonly dump?: boolean;
  /** The columns that inserts and updates leave out; times by goctl's six names by default. */
  readonly leftOut?: ReadonlySet<string>;
}

/**
 * Reads a file of MySQL statements: CREATE TABLE, ALTER TABLE that adds columns and keys or drops
 * keys, CREATE INDEX.
 *
 * @throws ContractError for anything else, with all that is wrong in the file.
 */
export function parseSql(
  source: string,
  fileName: string,
  { dump = false, leftOut }: ParseSqlOptions = {},
): SqlStatement[] {
  const problems = new Problems();
  const file = { fileName, positionOf: createPositions(source), problems, leftOut };
  const statements: SqlStatement[] = [];
  for (const statement of splitStatements(source, fileName, dump)) {
    const reader = new SqlReader(statement, file);
    if (dump && isAround(reader)) continue;
    problems.attempt(() => statements.push({ text: statement.text, changes: readStatement(reader) }));
  }
  problems.throwAny();
  return statements;
}

/** What dumps write before and after their tables. */
const AROUND: ReadonlySet<string> = new Set(
  (
    "SET USE DROP INSERT REPLACE UPDATE DELETE TRUNCATE LOCK UNLOCK BEGIN START COMMIT ROLLBACK GRANT REVOKE FLUSH " +
    "ANALYZE OPTIMIZE SELECT CALL DELIMITER SHOW DESC DESCRIBE EXPLAIN SOURCE RENAME DO"
  ).split(" "),
);
const CREATED_AROUND = [
  "DATABASE",
  "SCHEMA",
  "VIEW",
  "TRIGGER",
  "PROCEDURE",
  "FUNCTION",
  "EVENT",
  "USER",
  "ROLE",
];

function isAround(reader: SqlReader): boolean {
  if (AROUND.has(reader.peek().keyword)) return true;
  if (reader.sees("ALTER", "DATABASE") || reader.sees("ALTER", "USER")) return true;
  if (!reader.sees("CREATE")) return false;
  if (CREATED_AROUND.some((word) => reader.sees("CREATE", word))) return true;
  return ["DEFINER", "OR", "ALGORITHM", "SQL"].some((word) => reader.sees("CREATE", word));
}
