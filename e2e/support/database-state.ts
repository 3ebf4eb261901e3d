import { createHash } from "node:crypto";
import type { Database } from "@mall/kit/store";
import { until } from "@mall/kit/testing";

/** What comes and goes by the clock: jobs, and what channels were asked, which is written behind the answers. */
const BY_THE_CLOCK: readonly string[] = ["job", "pay_exchange"];

/**
 * One hash over all rows of all tables, or of those named: the same as long as nothing was written there. What was
 * accepted before is done first, as far as it is due.
 */
export async function fingerprint(database: Database, tables?: readonly string[]): Promise<string> {
  await untilIdle(database);
  const hash = createHash("sha256");
  for (const table of tables ?? (await tableNames(database)).filter((name) => !BY_THE_CLOCK.includes(name))) {
    const rows = await database.query.selectFrom(table).selectAll().execute();
    const texts = rows.map((row) => JSON.stringify(row));
    hash.update(`${table}\n${texts.toSorted().join("\n")}\n`);
  }
  return hash.digest("hex");
}

async function untilIdle(database: Database): Promise<void> {
  const sql =
    "SELECT id FROM job WHERE state = 0 AND (unique_key IS NULL OR unique_key <> kind) AND (claim <> '' OR due_at <= ?)";
  const read = () => database.read({ sql, parameters: [database.runtime.now()] });
  await until("all jobs that are due are done", read, { holds: (busy) => busy.length === 0 });
}

async function tableNames(database: Database): Promise<string[]> {
  const sql =
    database.dialect === "sqlite"
      ? "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY name";
  const rows = await database.read({ sql, parameters: [] });
  return rows.map((row) => String(row.name));
}
