import type { Database, RawRow } from "@mall/kit/store";
import { ATTEMPT_STATE } from "../model/attempt-state.ts";
import { ACCOUNT } from "../model/ledger-model.ts";
import type { HourFigure } from "../model/pay-hour-model.ts";
import { idAfter, idBefore, type TimedTable, timedTable } from "../search/first-id-at.ts";
import { classOf, FigureSums, type Figures, type Place, type PlacedFigures } from "./figures.ts";

/** What is measured: from `from` to before `to`, milliseconds since 1970, slot by slot. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Length of a slot, milliseconds; slots are numbered from 1970 on. */
  readonly slotMs: number;
}

/**
 * What a time came to, from the rows themselves. Rows of a table are found by their ids, which grow with their time, so
 * the cost is that of the rows of the span and of looking for its ends, whatever the size of the tables, and no insert
 * pays for an index on a time.
 */
export async function measure(database: Database, span: Span): Promise<PlacedFigures[]> {
  const sums = new FigureSums();
  const parts = [measureOpened, measureAttempts, measureReceipts, measureRefunds, measureNotifies];
  await Promise.all(parts.map((part) => part(database, span, sums)));
  return sums.all();
}

const OPENED = (slot: string, rows: string): string =>
  `SELECT ${slot} AS slot, currency, COUNT(*) AS found, SUM(amount) AS amount FROM pay ${rows} GROUP BY slot, currency`;

async function measureOpened(database: Database, span: Span, sums: FigureSums): Promise<void> {
  for (const row of await readRows(database, span, timedTable(database, "pay"), OPENED))
    sums.add(placeOf(span, row), { opened: Number(row.found), openedAmount: Number(row.amount) });
}

const ATTEMPTS = (slot: string, rows: string): string =>
  `SELECT ${slot} AS slot, channel, currency, state, COUNT(*) AS found FROM pay_attempt ${rows} ` +
  "GROUP BY slot, channel, currency, state";

/** What states are counted as. */
const COUNTED: ReadonlyMap<number, HourFigure> = new Map([
  [ATTEMPT_STATE.succeeded, "succeeded"],
  [ATTEMPT_STATE.failed, "failed"],
  [ATTEMPT_STATE.closed, "closed"],
]);

async function measureAttempts(database: Database, span: Span, sums: FigureSums): Promise<void> {
  for (const row of await readRows(database, span, timedTable(database, "pay_attempt"), ATTEMPTS)) {
    const found = Number(row.found);
    sums.add(placeOf(span, row), { begun: found, [COUNTED.get(Number(row.state)) ?? "unsettled"]: found });
  }
}

/** What an entry is about, and the id behind the colon. */
const CAUSE = "SUBSTR(txn_key, 1, INSTR(txn_key, ':') - 1) AS cause";
const CAUSE_ID = "CAST(SUBSTR(txn_key, INSTR(txn_key, ':') + 1) AS SIGNED) AS causeId";

/** Money that was taken, or was after all none of ours, and how long it took from the attempt's beginning. */
const RECEIPTS =
  (elapsed: string) =>
  (slot: string, rows: string): string =>
    `SELECT entry.slot AS slot, entry.cause AS cause, a.channel AS channel, entry.currency AS currency, ${elapsed} AS elapsed, ` +
    "COUNT(*) AS found, SUM(entry.amount) AS amount FROM " +
    `(SELECT ${slot} AS slot, ${CAUSE}, ${CAUSE_ID}, currency, create_time, debit + credit AS amount FROM ledger_entry ` +
    `${rows} AND account = '${ACCOUNT.sales}' AND txn_key NOT LIKE 'refund:%') entry ` +
    "JOIN pay_attempt a ON a.id = entry.causeId GROUP BY entry.slot, entry.cause, a.channel, entry.currency, elapsed";

async function measureReceipts(database: Database, span: Span, sums: FigureSums): Promise<void> {
  const elapsed = secondsBetween(database, "a.create_time", "entry.create_time");
  const rows = await readRows(database, span, timedTable(database, "ledger_entry"), RECEIPTS(elapsed));
  for (const row of rows) {
    const [found, amount] = [Number(row.found), Number(row.amount)];
    const sign = row.cause === "doubt" ? -1 : 1;
    const taken: Partial<Figures> = { successes: sign * found, turnover: sign * amount };
    // What was accepted waited for a person.
    const timed = row.cause === "receipt" ? { [classOf(Number(row.elapsed))]: found } : {};
    sums.add(placeOf(span, row), { ...taken, ...timed });
  }
}

const REFUNDS = (slot: string, rows: string): string =>
  "SELECT entry.slot AS slot, a.channel AS channel, entry.currency AS currency, COUNT(*) AS found, " +
  `SUM(entry.amount) AS amount FROM (SELECT ${slot} AS slot, ${CAUSE_ID}, currency, debit + credit AS amount ` +
  `FROM ledger_entry ${rows} AND account = '${ACCOUNT.sales}' AND txn_key LIKE 'refund:%') entry ` +
  "JOIN pay_refund r ON r.id = entry.causeId JOIN pay_attempt a ON a.id = r.attempt_id GROUP BY entry.slot, a.channel, entry.currency";

async function measureRefunds(database: Database, span: Span, sums: FigureSums): Promise<void> {
  for (const row of await readRows(database, span, timedTable(database, "ledger_entry"), REFUNDS))
    sums.add(placeOf(span, row), { refunds: Number(row.found), refunded: Number(row.amount) });
}

async function measureNotifies(database: Database, span: Span, sums: FigureSums): Promise<void> {
  const received = { column: "received_at", timeOf: Number };
  for (const [table, figure, counted] of [
    ["pay_notify", "verified", "COUNT(*)"],
    ["pay_notify_refused", "refused", "SUM(count)"],
  ] as const) {
    const sql = (slot: string, rows: string): string =>
      `SELECT ${slot} AS slot, channel, ${counted} AS found FROM ${table} ${rows} GROUP BY slot, channel`;
    for (const row of await readRows(database, span, { ...received, table }, sql))
      sums.add(placeOf(span, row), { [figure]: Number(row.found) });
  }
}

/** A row's slot, account and currency. */
function placeOf({ from, slotMs }: Span, { slot, channel, currency }: RawRow): Place {
  const number = Math.floor(from / slotMs) + Number(slot);
  return { slot: number, channel: textOf(channel), currency: textOf(currency) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * Reads the rows of a span.
 *
 * @param sql makes the select of the number of a slot, counted from the span's beginning, and of the condition.
 */
async function readRows(
  database: Database,
  { from, to, slotMs }: Span,
  table: TimedTable,
  sql: (slot: string, rows: string) => string,
): Promise<readonly RawRow[]> {
  const [first, last] = await Promise.all([idBefore(database, table, from), idAfter(database, table, to)]);
  const { column } = table;
  if (column === "received_at") {
    const parameters = [first, last, from, to];
    return database.read({
      sql: sql(divided(database, `(${column} - ${from})`, slotMs), within(column)),
      parameters,
    });
  }
  const inColumn = (time: number): string => database.times.toText(new Date(time));
  const slot = divided(database, secondsBetween(database, "?", column), slotMs / 1000);
  return database.read({
    sql: sql(slot, within(column)),
    parameters: [inColumn(from), first, last, inColumn(from), inColumn(to)],
  });
}

function within(column: string): string {
  return `WHERE id >= ? AND id < ? AND ${column} >= ? AND ${column} < ?`;
}

/** A whole number divided by another, without the rest. It is written out, as a parameter may be a real one. */
export function divided({ dialect }: Pick<Database, "dialect">, number: string, by: number): string {
  return `${number} ${dialect === "mysql" ? "DIV" : "/"} ${by}`;
}

/** Whole seconds from one time of a database to another. */
function secondsBetween({ dialect }: Database, from: string, to: string): string {
  if (dialect === "mysql") return `TIMESTAMPDIFF(SECOND, ${from}, ${to})`;
  return `(CAST(strftime('%s', ${to}) AS INTEGER) - CAST(strftime('%s', ${from}) AS INTEGER))`;
}
