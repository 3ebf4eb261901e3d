import type { Database, SqlValue, Statement } from "@mall/kit/store";
import { SAGA_STATE } from "./saga-store.ts";

const OPEN = [SAGA_STATE.forward, SAGA_STATE.back];
/**
 * Clients of DTM in Go let the database write when a barrier came, by the clock on its wall. That is so far from the
 * zone of the data source, milliseconds; but for islands of the Pacific, no two zones are further apart.
 */
const WALLS_APART_MS = 23 * 3_600_000;
const ENDED = [SAGA_STATE.succeeded, SAGA_STATE.failed];

/**
 * Removes the oldest rows of barriers from before a time (milliseconds since the epoch), at most `count`. A saga of the
 * same database that goes on keeps those of its branches, however old: a mall may have been stopped for months.
 */
export async function removeOldBarriers(database: Database, before: number, count: number): Promise<void> {
  const parameters = [database.wallTimes.toText(new Date(before - WALLS_APART_MS)), ...OPEN, count];
  const sql =
    "SELECT id FROM barrier WHERE create_time < ? AND NOT EXISTS " +
    "(SELECT 1 FROM saga WHERE saga.gid = barrier.gid AND saga.state IN (?, ?)) ORDER BY create_time LIMIT ?";
  await removeThose(database, "barrier", await idsOf(database, { sql, parameters }));
}

/** Removes sagas that ended before a time (milliseconds since the epoch), at most `count`. */
export async function removeOldSagas(database: Database, before: number, count: number): Promise<void> {
  const ids: SqlValue[] = [];
  for (const state of ENDED) {
    const sql = "SELECT id FROM saga WHERE state = ? AND update_time < ? ORDER BY update_time LIMIT ?";
    const parameters = [state, database.times.toText(new Date(before)), count - ids.length];
    ids.push(...(await idsOf(database, { sql, parameters })));
  }
  await removeThose(database, "saga", ids);
}

async function idsOf(database: Database, statement: Statement): Promise<SqlValue[]> {
  return (await database.read(statement)).map(({ id }) => Number(id));
}

/** By ids, so that no gap is locked in which others write theirs. */
async function removeThose(database: Database, table: "barrier" | "saga", ids: SqlValue[]): Promise<void> {
  if (ids.length === 0) return;
  const sql = `DELETE FROM ${table} WHERE id IN (${ids.map(() => "?").join(", ")})`;
  await database.write({ sql, parameters: ids });
}
