import type { Database } from "./database.ts";

/** Of the moment at which it is executed, whatever the session's zone is. */
const NOW = "SELECT UNIX_TIMESTAMP(SYSDATE(6)) AS now";

/**
 * What the clock of a database's server shows, milliseconds since the epoch; undefined for SQLite, which has this
 * machine's. Rejects as StatementRunner does.
 */
export async function readServerClock(
  database: Pick<Database, "dialect" | "read">,
): Promise<number | undefined> {
  if (database.dialect === "sqlite") return undefined;
  const [row] = await database.read({ sql: NOW, parameters: [] });
  return Number(row?.now) * 1000;
}
