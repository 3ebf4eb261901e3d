import { JOB_STATE } from "@mall/kit/jobs";
import type { Database } from "@mall/kit/store";

/** Work of one kind that is not over. */
interface OpenKind {
  readonly kind: string;
  readonly count: number;
  /** Given up: it waits for an operator. */
  readonly dead: boolean;
}

/** What a database holds that only processes of this mall end. */
export interface OpenWork {
  readonly jobs: readonly OpenKind[];
  readonly sagas: readonly OpenKind[];
  /** When the next job is due, milliseconds since the epoch. */
  readonly dueAt: number | undefined;
  /** The number of the newest job, which grows by each that begins; each saga begins with one. */
  readonly newest: number;
}

/**
 * The standing jobs of a service come again for ever; their key is their kind. What they look for is told by
 * `whatStays`.
 */
const JOBS =
  "SELECT kind, state, COUNT(*) AS n, MIN(due_at) AS due FROM job " +
  `WHERE state IN (${JOB_STATE.waiting}, ${JOB_STATE.dead}) AND (unique_key IS NULL OR unique_key <> kind) ` +
  "GROUP BY kind, state ORDER BY kind, state";
const NEWEST = "SELECT MAX(id) AS newest FROM job";
const SAGAS = "SELECT kind, COUNT(*) AS n FROM saga WHERE state < 2 GROUP BY kind ORDER BY kind";

/** Looks at jobs and sagas of one moment, so that none is between the two. */
export function readOpenWork(database: Database): Promise<OpenWork> {
  return database.snapshot(async (snapshot) => {
    const jobs = await snapshot.read({ sql: JOBS, parameters: [] });
    const sagas = await snapshot.read({ sql: SAGAS, parameters: [] });
    const [last] = await snapshot.read({ sql: NEWEST, parameters: [] });
    const dues = jobs
      .filter(({ state }) => Number(state) === JOB_STATE.waiting)
      .map(({ due }) => Number(due));
    return {
      jobs: jobs.map(({ kind, state, n }) => ({
        kind: String(kind),
        count: Number(n),
        dead: Number(state) === JOB_STATE.dead,
      })),
      sagas: sagas.map(({ kind, n }) => ({ kind: String(kind), count: Number(n), dead: false })),
      newest: Number(last?.newest ?? 0),
      dueAt: dues.length === 0 ? undefined : Math.min(...dues),
    };
  });
}

/** What a Go process never ends, by the table that has it. */
const STAYING: readonly { readonly table: string; readonly where: string; readonly text: string }[] = [
  {
    table: "order",
    where: "status = 0 AND expire_time IS NOT NULL",
    text: "unpaid orders have an end that a Go order.rpc does not know: they keep their pieces",
  },
  {
    table: "pay",
    where: "status = 5",
    text: "payments are held for a decision that a Go pay.rpc cannot take",
  },
];

/** What stays as it is once nothing is open, in one line each; services may have databases of their own. */
export async function whatStays(database: Database): Promise<string[]> {
  const tables = new Set((await database.query.introspection.getTables()).map(({ name }) => name));
  const lines: string[] = [];
  for (const { table, where, text } of STAYING) {
    if (!tables.has(table)) continue;
    const sql = `SELECT COUNT(*) AS n FROM \`${table}\` WHERE ${where}`;
    const [row] = await database.read({ sql, parameters: [] });
    if (Number(row?.n ?? 0) > 0) lines.push(`${Number(row?.n)} ${text}`);
  }
  return lines;
}

/** `2 jobs (order.release 2), 1 saga (order.create 1)`; undefined for nothing. */
export function openWorkText({ jobs, sagas }: OpenWork): string | undefined {
  const parts = [partText("job", jobs), partText("saga", sagas)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}

function partText(noun: string, kinds: readonly OpenKind[]): string | undefined {
  const sum = kinds.reduce((total, { count }) => total + count, 0);
  if (sum === 0) return undefined;
  const each = kinds.map(({ kind, count, dead }) => `${kind} ${count}${dead ? " dead" : ""}`);
  return `${sum} ${noun}${sum === 1 ? "" : "s"} (${each.join(", ")})`;
}
