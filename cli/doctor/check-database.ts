import { existsSync } from "node:fs";
import { AppError } from "@mall/kit/errors";
import type { Runtime } from "@mall/kit/runtime";
import {
  assertSchemaCurrent,
  type Database,
  type DataSource,
  type MigrationSet,
  openDatabase,
  parseDataSource,
  serverText,
} from "@mall/kit/store";
import type { ChannelsConfig } from "@mall/pay/channels";
import { checkGoneChannels } from "./check-gone-channels.ts";
import { checkServer } from "./check-server.ts";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

const WRITE_FIX =
  "let the process write: a primary that is not read-only, in a cluster with a majority, with room on its disk";

export interface DatabaseToCheck {
  readonly dataSource: string;
  /** The tables that this process needs. */
  readonly sets: readonly MigrationSet[];
  /** True where the process brings an older or a missing database up to date by itself. */
  readonly migratesItself: boolean;
  readonly runtime: Runtime;
  /** Of a process that takes payments: what is open at other accounts is told. */
  readonly channels?: ChannelsConfig;
}

/**
 * Does the database answer, are its tables of this version and in form, and do its server's clock and zones fit? No
 * table is made or changed.
 */
export async function checkDatabase(options: DatabaseToCheck): Promise<Finding[]> {
  try {
    const source = parseDataSource(options.dataSource);
    const { text, missing } = whereOf(source);
    if (missing && options.migratesItself) return [ok(`${text} is made at the first start`)];
    if (missing)
      return [fail(`${text} is not there yet`, `run mall migrate --data-source ${options.dataSource}`)];
    const database = await openDatabase(options);
    try {
      const schema = await checkSchema(database, text, options);
      const server = source.dialect === "sqlite" ? [] : await checkServer({ database, source, text });
      return [schema, ...server, ...(schema.level === "ok" ? await checkPayments(database, options) : [])];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [failure(error, "check Mysql.DataSource, and that the database runs")];
  }
}

function checkPayments(
  database: Database,
  { sets, channels }: DatabaseToCheck,
): Promise<Finding[]> | Finding[] {
  return channels === undefined ? [] : checkGoneChannels(database, sets, channels);
}

async function checkSchema(database: Database, text: string, options: DatabaseToCheck): Promise<Finding> {
  try {
    for (const set of options.sets) await assertSchemaCurrent(database, set);
    const trouble = await database.writeTrouble();
    if (trouble !== undefined) return fail(`${text} takes no writes: ${trouble}`, WRITE_FIX);
    return ok(`${text} answers, its tables are of this version`);
  } catch (error) {
    const older = error instanceof AppError && error.reason === "SCHEMA_OLDER";
    if (!older || !options.migratesItself) return failure(error);
    return warn(
      `${text} answers, its tables are of an older version`,
      "nothing to do: mall up brings them up to date",
    );
  }
}

/** What the reader may see of a data source: no password. */
function whereOf(source: DataSource): { text: string; missing: boolean } {
  if (source.dialect === "sqlite") {
    return {
      text: `SQLite database ${source.path}`,
      missing: source.path !== ":memory:" && !existsSync(source.path),
    };
  }
  const { address, database } = source;
  const server = serverText(address);
  return { text: `MySQL database ${database} at ${server}`, missing: false };
}
