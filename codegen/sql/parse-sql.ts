import mysqlParser from "node-sql-parser/build/mysql.js";
import { ContractError, positionAt } from "../emit/index.ts";
import type { AstStatement } from "./ast.ts";
import type { SqlChange } from "./change.ts";
import { readStatement } from "./read-statement.ts";
import { type SqlText, splitStatements } from "./split-statements.ts";
import { statementScope } from "./statement-scope.ts";

/** A statement and what it does. */
export interface SqlStatement {
  /** As written, without comments. */
  readonly text: string;
  readonly changes: readonly SqlChange[];
}

/**
 * Reads a file of MySQL statements: CREATE TABLE, ALTER TABLE that adds columns and keys or drops
 * keys, CREATE INDEX.
 *
 * @throws ContractError for anything else, with its place.
 */
export function parseSql(source: string, fileName: string): SqlStatement[] {
  const parser = new mysqlParser.Parser();
  return splitStatements(source, fileName).map((statement) => {
    const node = parseStatement(parser, statement, (offset) => positionAt(source, offset), fileName);
    return {
      text: statement.text,
      changes: readStatement(node, statementScope(statement, source, fileName)),
    };
  });
}

function parseStatement(
  parser: mysqlParser.Parser,
  statement: SqlText,
  at: (offset: number) => ReturnType<typeof positionAt>,
  fileName: string,
): AstStatement {
  try {
    const options = { database: "MySQL", parseOptions: { includeLocations: true } };
    const parsed: unknown = parser.astify(statement.masked, options);
    return (Array.isArray(parsed) ? parsed[0] : parsed) as AstStatement;
  } catch (error) {
    const { location, found } = error as { location?: { start: { offset: number } }; found?: string | null };
    const what =
      found === null ? "the end of the statement" : JSON.stringify(found ?? statement.masked.slice(0, 1));
    const position = at(statement.start + (location?.start.offset ?? 0));
    throw new ContractError(fileName, position, `unexpected ${what}`);
  }
}
