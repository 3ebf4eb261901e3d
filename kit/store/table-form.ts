import { sql } from "kysely";
import type { Database } from "./database.ts";

/** A table that a Go mall made in a form that does not hold all that this mall stores in it. */
export interface OutdatedForm {
  readonly table: string;
  readonly engine: string;
  /** Of the table and its columns, but for those that are right: `utf8mb3`. */
  readonly charsets: readonly string[];
  /** As the server estimates them. */
  readonly rows: number;
  readonly bytes: number;
  /** What brings it into form. */
  readonly statement: string;
}

const CHARSET = "utf8mb4";

const TABLES =
  "SELECT t.TABLE_NAME AS name, t.ENGINE AS engine, t.TABLE_COLLATION AS collation, t.TABLE_ROWS AS n, " +
  "t.DATA_LENGTH + t.INDEX_LENGTH AS bytes FROM information_schema.TABLES t " +
  "WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY t.TABLE_NAME";
const COLUMNS =
  "SELECT TABLE_NAME AS name, COLLATION_NAME AS collation FROM information_schema.COLUMNS " +
  "WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME IS NOT NULL";

/**
 * Which of these tables keep their texts in another character set than utf8mb4, where an emoji is refused, or are of an
 * engine without transactions. None on SQLite, which has one form.
 */
export async function findOutdatedForms(
  database: Database,
  names: readonly string[],
): Promise<OutdatedForm[]> {
  if (database.dialect !== "mysql") return [];
  const tables = await database.read({ sql: TABLES, parameters: [] });
  const columns = await database.read({ sql: COLUMNS, parameters: [] });
  return tables
    .filter(({ name }) => names.includes(String(name)))
    .flatMap((row) => {
      const table = String(row.name);
      const engine = String(row.engine);
      const own = columns.filter(({ name }) => name === table).map(({ collation }) => String(collation));
      const wrong = [String(row.collation), ...own].filter((collation) => charsetOf(collation) !== CHARSET);
      if (wrong.length === 0 && isTransactional(engine)) return [];
      const charsets = [...new Set(wrong.map(charsetOf))];
      const statement = conversion(table, engine, wrong[0]);
      return [{ table, engine, charsets, rows: Number(row.n), bytes: Number(row.bytes), statement }];
    });
}

/**
 * Brings tables into form, one after the other; run again it does what is left. Each is copied by the server: others
 * read it meanwhile, and their writes wait.
 *
 * @throws AppError what the server refused.
 */
export async function convertForms(
  database: Database,
  forms: readonly OutdatedForm[],
  tell: (form: OutdatedForm) => void,
): Promise<void> {
  for (const form of forms) {
    await database.migrationSession(form.table, ({ query, step }) =>
      step(async () => {
        await sql.raw(form.statement).execute(query);
      }),
    );
    tell(form);
  }
}

/** Whether an engine keeps transactions, as far as this mall needs them. */
function isTransactional(engine: string): boolean {
  return !["MyISAM", "Aria", "MEMORY", "CSV", "ARCHIVE", "MERGE", "MRG_MyISAM"].includes(engine);
}

/** `utf8mb3_general_ci` and, as servers before 8.0 and 10.6 write it, `utf8_general_ci` are both utf8mb3. */
function charsetOf(collation: string): string {
  const [charset = ""] = collation.split("_");
  return charset === "utf8" ? "utf8mb3" : charset;
}

/** One statement: MyISAM's keys are too short for utf8mb4, and InnoDB's oldest row formats too. */
function conversion(table: string, engine: string, wrong: string | undefined): string {
  const parts: string[] = [];
  if (!isTransactional(engine)) parts.push("ENGINE=InnoDB");
  if (wrong !== undefined) {
    parts.push("ROW_FORMAT=DYNAMIC", `CONVERT TO CHARACTER SET ${CHARSET} COLLATE ${collationFor(wrong)}`);
  }
  return `ALTER TABLE \`${table}\` ${parts.join(", ")}`;
}

/** The same rules of comparison, so that what was unique stays so. */
function collationFor(wrong: string): string {
  const known = /^utf8(?:mb3)?_(general_ci|bin|unicode_ci|unicode_520_ci)$/.exec(wrong)?.[1];
  return `${CHARSET}_${known ?? "general_ci"}`;
}
