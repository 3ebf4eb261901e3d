import { type Database, type RawRow, readPages } from "@mall/kit/store";
import { hasMoney } from "../model/attempt-state.ts";
import { REFUND_STATE } from "../model/refund-state.ts";
import { idAfter, idBefore, timedTable } from "../search/first-id-at.ts";
import type { Named } from "./compare-lines.ts";

/** What is ours of a time and stands in no bill of it. */
export interface NotBilled {
  /** Of which the channel must have heard within that time. */
  readonly attempts: readonly Unbilled[];
  readonly refunds: readonly Unbilled[];
  /** How many were under way when it began or ended, or the bill was asked for: another bill may have them. */
  readonly atEdge: number;
  /** How many of these were under way when it ended, or the bill was asked for. */
  readonly atEnd: number;
}

export interface Unbilled {
  readonly id: number;
  readonly payId: number;
  /** Our number of it. */
  readonly number: string;
  /** When it was heard of, milliseconds since the Unix epoch. */
  readonly endedAt: number;
  readonly text: string;
}

const MINUTE_MS = 60_000;
/** Before the first day, attempts and refunds are looked at that may have come to their end in it. */
const BEFORE_MS = 24 * 60 * MINUTE_MS;
/** How far the channel's clock may be behind ours. */
const CLOCK_MS_MAX = 5 * MINUTE_MS;
/** How long a channel may take to book what it has said already: Stripe does it by the hour. */
const BOOKED_MS_MAX = 60 * MINUTE_MS;
/** How far the database's clock may be from that of the process that asked, and the part of a second it leaves out. */
const ASKED_MS_MAX = 3_000;

const ATTEMPTS =
  "SELECT a.id AS id, a.pay_id AS payId, a.out_trade_no AS number, a.received_amount AS amount, a.received_currency AS currency, " +
  "a.channel AS channel, a.state AS state, a.create_time AS began, e.create_time AS ended FROM pay_attempt a " +
  "JOIN ledger_entry e ON e.txn_key = CONCAT('receipt:', a.id) AND e.line = 0";

const REFUNDS =
  "SELECT r.id AS id, r.pay_id AS payId, r.refund_no AS number, r.amount AS amount, a.received_currency AS currency, " +
  "a.channel AS channel, r.state AS state, r.create_time AS began, e.create_time AS ended FROM pay_refund r JOIN pay_attempt a ON a.id = r.attempt_id " +
  "JOIN ledger_entry e ON e.txn_key = CONCAT('refund:', r.id) AND e.line = 0";

/**
 * Looks for money of accounts that came or went here within some days, and that no bill of them named. A channel
 * acts between an attempt's beginning and our hearing of its success, so that what began and was heard of within the
 * days must be in their bills; that needs no time of the channel's.
 *
 * @param span of the bills, milliseconds since the Unix epoch; `askedAt`: the bill of a day that is not over has nothing
 * of what was heard of later.
 */
export async function findNotBilled(
  database: Database,
  accounts: ReadonlySet<string>,
  { named, ...span }: Span & { readonly named: Named },
): Promise<NotBilled> {
  const look = { database, accounts, ...span };
  const attempts = await notNamed(look, {
    ...{ sql: ATTEMPTS, table: "pay_attempt", id: "a.id" },
    ...{ named: named.attempts, isDone: hasMoney },
  });
  const refunds = await notNamed(look, {
    ...{ sql: REFUNDS, table: "pay_refund", id: "r.id" },
    ...{ named: named.refunds, isDone: (state) => state === REFUND_STATE.succeeded },
  });
  return {
    attempts: attempts.within.map(({ row, endedAt }) => unbilled(row, "attempt", endedAt)),
    refunds: refunds.within.map(({ row, endedAt }) => unbilled(row, "refund", endedAt)),
    atEdge: attempts.atEdge + refunds.atEdge,
    atEnd: attempts.atEnd + refunds.atEnd,
  };
}

interface Span {
  readonly from: number;
  readonly until: number;
  readonly askedAt: number;
}

interface Look extends Span {
  readonly database: Database;
  readonly accounts: ReadonlySet<string>;
}

interface Table {
  readonly sql: string;
  readonly table: string;
  /** The column of the table's ids in `sql`. */
  readonly id: string;
  readonly named: ReadonlySet<number>;
  /** Whether money moved by what is in this state. */
  isDone(state: number): boolean;
}

interface NotNamed {
  readonly within: readonly { readonly row: RawRow; readonly endedAt: number }[];
  readonly atEdge: number;
  readonly atEnd: number;
}

/**
 * Only ids are conditions, so that each page is read from where the last one ended, and no database goes by an index of
 * another column instead.
 */
async function notNamed(
  { database, accounts, from, until, askedAt }: Look,
  { sql, table, id, named, isDone }: Table,
): Promise<NotNamed> {
  const timed = timedTable(database, table);
  const [first, last] = await Promise.all([
    idBefore(database, timed, from - BEFORE_MS),
    idAfter(database, timed, until),
  ]);
  const heardUntil = Math.min(until - BOOKED_MS_MAX, askedAt - ASKED_MS_MAX);
  const within: { readonly row: RawRow; readonly endedAt: number }[] = [];
  let [atEdge, atEnd] = [0, 0];
  const isLookedFor = (row: RawRow): boolean =>
    accounts.has(String(row.channel)) && isDone(Number(row.state)) && !named.has(Number(row.id));
  const pages = {
    sql: `${sql} WHERE ${id} < ? AND ${id} > ?`,
    parameters: [last],
    key: "id",
    from: first - 1,
  };
  await database.snapshot(async (snapshot) => {
    for await (const rows of readPages(snapshot, pages)) {
      for (const row of rows.filter(isLookedFor)) {
        const [began, ended] = [timed.timeOf(row.began), timed.timeOf(row.ended)];
        if (ended < from || began >= until) continue;
        if (began >= from + CLOCK_MS_MAX && ended <= heardUntil) within.push({ row, endedAt: ended });
        else atEdge += 1;
        if (ended > heardUntil) atEnd += 1;
      }
    }
  });
  return { within, atEdge, atEnd };
}

function unbilled({ id, payId, number, amount, currency }: RawRow, what: string, endedAt: number): Unbilled {
  return {
    ...{ id: Number(id), payId: Number(payId), number: String(number), endedAt },
    text: `${number}: ${what} ${id} of payment ${payId} has ${amount} ${currency} here, and no bill`,
  };
}
