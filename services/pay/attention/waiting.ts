import type { Database, SqlValue } from "@mall/kit/store";
import type { AttentionKind, AttentionRow } from "../rpc/gen/pay.ts";

/** Up to here it is counted. */
export const COUNT_MAX = 1_000;

/** What waits of one kind: counted as far as COUNT_MAX, and the oldest rows. */
export type Waiting = Omit<AttentionKind, "kind">;

/** A row that says what it says, and nothing else. */
export function rowOf(said: Partial<AttentionRow> & Pick<AttentionRow, "id">): AttentionRow {
  return { payId: 0, channel: "", amount: 0, currency: "", since: 0, text: "", ...said };
}

/** How many there are of `found`, and its oldest rows; `since` is the first row's that says one. */
export function waitingOf(found: number, rows: readonly AttentionRow[]): Waiting {
  const times = rows.flatMap(({ since }) => (since === 0 ? [] : [since]));
  const since = times.length === 0 ? 0 : Math.min(...times);
  return { count: Math.min(found, COUNT_MAX), isMore: found > COUNT_MAX, since, rows: [...rows] };
}

/** How many rows a select without a limit finds, as far as one more than COUNT_MAX. */
export async function countSome(
  database: Database,
  sql: string,
  parameters: readonly SqlValue[],
): Promise<number> {
  const counting = `SELECT COUNT(*) AS found FROM (${sql} LIMIT ${COUNT_MAX + 1}) waiting`;
  const [row] = await database.read({ sql: counting, parameters: [...parameters] });
  return Number(row?.found ?? 0);
}
