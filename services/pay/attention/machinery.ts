import { JOB_STATE } from "@mall/kit/jobs";
import { verifyNewestBooks } from "../model/books/verify-books.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { AttentionRow } from "../rpc/gen/pay.ts";
import { COUNT_MAX, rowOf, type Waiting, waitingOf } from "./waiting.ts";

type Context = Pick<ServiceContext, "database" | "runtime">;

const DAY_MS = 24 * 3_600_000;
/** Of what was refused, only so many of the newest rows are looked at. */
const REFUSED_ROWS_MAX = 5_000;
/** Payments, attempts and refunds that are held against the books. */
const NEWEST_BOOKS = 500;

/** Jobs of this service that were given up. Of more than COUNT_MAX these are some, and not the oldest. */
export async function deadJobs({ database }: Context, limit: number): Promise<Waiting> {
  const sql =
    "SELECT id, kind, payload, error, failing_since AS failingSince, due_at AS dueAt FROM job " +
    "WHERE queue = 'pay' AND state = ? LIMIT ?";
  const jobs = await database.read({ sql, parameters: [JOB_STATE.dead, COUNT_MAX + 1] });
  const rows = jobs.map(({ id, kind, payload, error, failingSince, dueAt }) =>
    rowOf({
      ...{ id: String(id), payId: payIn(String(payload)), text: `${kind}: ${error}` },
      since: Math.floor(Number(failingSince || dueAt) / 1000),
    }),
  );
  return waitingOf(jobs.length, rows.toSorted((one, other) => one.since - other.since).slice(0, limit));
}

/** The payment that a job is about, where it says so itself. */
function payIn(payload: string): number {
  const payId: unknown = Reflect.get(Object(JSON.parse(payload)), "payId");
  return typeof payId === "number" ? payId : 0;
}

/** What came in channels' names within a day and was not signed by them, a row for each account. */
export async function refusedNotifies({ database, runtime }: Context, limit: number): Promise<Waiting> {
  const sql =
    "SELECT channel, SUM(count) AS refused, MIN(received_at) AS since FROM " +
    "(SELECT channel, count, received_at FROM pay_notify_refused ORDER BY id DESC LIMIT ?) newest " +
    "WHERE received_at >= ? GROUP BY channel ORDER BY since";
  const channels = await database.read({ sql, parameters: [REFUSED_ROWS_MAX, runtime.now() - DAY_MS] });
  const found = channels.reduce((sum, { refused }) => sum + Number(refused), 0);
  const rows = channels.slice(0, limit).map(({ channel, refused, since }) => {
    const id = String(channel);
    return rowOf({ id, channel: id, since: Math.floor(Number(since) / 1000), text: `${refused} refused` });
  });
  return waitingOf(found, rows);
}

/** What books and payments say differently, of the newest NEWEST_BOOKS; `mall ledger verify` looks at all. */
export async function bookDifferences({ database }: Context, limit: number): Promise<Waiting> {
  const rows: AttentionRow[] = [];
  let found = 0;
  await verifyNewestBooks(database, NEWEST_BOOKS, ({ kind, text }) => {
    found += 1;
    if (rows.length < limit) rows.push(rowOf({ id: kind, text }));
  });
  return waitingOf(found, rows);
}
