import { createHash } from "node:crypto";
import type { Database } from "@mall/kit/store";

/** One hash over all rows of all tables, or of those named: the same as long as nothing was written there. */
export async function fingerprint(database: Database, tables?: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const table of tables ?? (await tableNames(database))) {
    const rows = await database.query.selectFrom(table).selectAll().execute();
    const texts = rows.map((row) => JSON.stringify(row));
    hash.update(`${table}\n${texts.toSorted().join("\n")}\n`);
  }
  return hash.digest("hex");
}

async function tableNames(database: Database): Promise<string[]> {
  const sql =
    database.dialect === "sqlite"
      ? "SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY name";
  const rows = await database.read({ sql, parameters: [] });
  return rows.map((row) => String(row.name));
}
