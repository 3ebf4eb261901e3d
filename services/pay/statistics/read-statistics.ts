import { invalidArgument } from "@mall/kit/errors";
import { instantOf } from "@mall/kit/rpc";
import type { Database } from "@mall/kit/store";
import { FIGURES, type HourFigure } from "../model/pay-hour-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { firstHour, HOUR_MS } from "./add-hours-up.ts";
import { FigureSums, type Figures, type PlacedFigures } from "./figures.ts";
import { divided, measure } from "./measure.ts";

const MINUTE_MS = 60_000;
const DAY_HOURS = 24;
/** The longest range of each bucket, in hours: some 400 buckets. */
const HOURS_MAX = { minute: 6, hour: 16 * DAY_HOURS, day: 400 * DAY_HOURS } as const;
/** Hours that are not added up yet are measured when they are asked for, if they are no more than these. */
const MEASURED_HOURS_MAX = 3;

export type Bucket = keyof typeof HOURS_MAX;

/** What to tell of: times in Unix seconds, the clock's offset in minutes. */
export interface Asked {
  readonly from: number;
  readonly to: number;
  readonly bucket: Bucket;
  readonly utcOffset: number;
}

export interface Statistics {
  /** By bucket; `slot` is the second that it begins at. */
  readonly rows: readonly PlacedFigures[];
  /** Of the whole range. */
  readonly totals: readonly PlacedFigures[];
  /** Whether hours of the range are yet to be added up. */
  readonly isPartial: boolean;
}

/**
 * What the buckets of a range came to. Hours that are over are sums in a table, a row for each account and currency, so
 * that a year is a sum of some ten thousand rows however many payments there were; the last ones, and minutes, are
 * measured from the rows of the range itself.
 *
 * @throws AppError INVALID_ARGUMENT naming `from`, `to`, `bucket` or `utcOffset`.
 */
export async function readStatistics(context: ServiceContext, asked: Asked): Promise<Statistics> {
  checkAsked(asked);
  const { database } = context;
  const sums = new FigureSums();
  const isPartial =
    asked.bucket === "minute"
      ? await addMinutes(database, asked, sums)
      : await addHours(context, asked, sums);
  const rows = sums.all();
  const totals = new FigureSums();
  for (const { channel, currency, figures } of rows)
    totals.add({ slot: asked.from, channel, currency }, figures);
  return { rows, totals: totals.all(), isPartial };
}

function checkAsked({ from, to, bucket, utcOffset }: Asked): void {
  if (!Object.hasOwn(HOURS_MAX, bucket)) throw invalidArgument("bucket", "must be minute, hour or day");
  instantOf("to", to);
  if (from < 0 || from >= to) throw invalidArgument("from", "must be before to");
  const hours = HOURS_MAX[bucket];
  if (to - from > hours * 3_600)
    throw invalidArgument("to", `must be within ${hours} hours of from by the ${bucket}`);
  if (utcOffset % 60 !== 0) throw invalidArgument("utcOffset", "must be whole hours, in minutes");
}

async function addMinutes(database: Database, { from, to }: Asked, sums: FigureSums): Promise<boolean> {
  const span = { from: startOf(from * 1000, MINUTE_MS), to: endOf(to * 1000, MINUTE_MS), slotMs: MINUTE_MS };
  for (const { slot, channel, currency, figures } of await measure(database, span))
    sums.add({ slot: slot * 60, channel, currency }, figures);
  return false;
}

/** Hours of a range that are sums already, those that are to be measured, and whether some are neither. */
async function addHours(context: ServiceContext, asked: Asked, sums: FigureSums): Promise<boolean> {
  const { database, payHourModel, runtime } = context;
  const { size, offset } = gridOf(asked);
  const from = startOf(asked.from * 1000 + offset, size * HOUR_MS) - offset;
  const to = endOf(asked.to * 1000 + offset, size * HOUR_MS) - offset;
  const [first, end] = [from / HOUR_MS, Math.min(to, endOf(runtime.now(), HOUR_MS)) / HOUR_MS];
  const span = await payHourModel.span();
  await addStored(context, { first, end }, asked, sums);
  const measuredFrom = Math.max(
    first,
    (span?.last ?? 0) + 1,
    endOf(runtime.now(), HOUR_MS) / HOUR_MS - MEASURED_HOURS_MAX,
  );
  if (measuredFrom < end) {
    const live = { from: measuredFrom * HOUR_MS, to: end * HOUR_MS, slotMs: HOUR_MS };
    for (const { slot, channel, currency, figures } of await measure(database, live))
      sums.add({ slot: bucketOf(slot, asked), channel, currency }, figures);
  }
  const begin = await firstHour(database);
  const isKnown = (hour: number): boolean => span !== undefined && hour >= span.first && hour <= span.last;
  const [needed, last] = [Math.max(first, begin), Math.min(measuredFrom, end) - 1];
  return needed <= last && !(isKnown(needed) && isKnown(last));
}

interface HourRange {
  readonly first: number;
  readonly end: number;
}

const SUMS = Object.values(FIGURES)
  .map((column) => `SUM(${column}) AS ${column}`)
  .join(", ");

/** Hours that are summed in one question: on SQLite others wait for it. */
const SUMMED_HOURS = 31 * DAY_HOURS;

async function addStored(
  context: ServiceContext,
  { first, end }: HourRange,
  asked: Asked,
  sums: FigureSums,
): Promise<void> {
  for (let from = first; from < end; from += SUMMED_HOURS) {
    if (from > first) await new Promise<void>((resolve) => context.runtime.setImmediate(resolve));
    await addSummed(context, { first: from, end: Math.min(end, from + SUMMED_HOURS) }, asked, sums);
  }
}

async function addSummed(
  { database }: ServiceContext,
  { first, end }: HourRange,
  asked: Asked,
  sums: FigureSums,
): Promise<void> {
  const { size, offset } = gridOf(asked);
  const bucket = divided(database, `(hour + ${offset / HOUR_MS})`, size);
  const sql =
    `SELECT ${bucket} AS bucket, channel, currency, ${SUMS} FROM pay_hour ` +
    "WHERE hour >= ? AND hour < ? GROUP BY bucket, channel, currency";
  const parameters = [first, end];
  for (const row of await database.read({ sql, parameters })) {
    const figures = Object.entries(FIGURES).map(([name, column]) => [name, Number(row[column])]);
    const slot = secondOf(Number(row.bucket), asked);
    // The names are those of figures.
    const added = Object.fromEntries(figures) as Record<HourFigure, number>;
    if (hasAny(added))
      sums.add({ slot, channel: String(row.channel), currency: String(row.currency) }, added);
  }
}

function hasAny(figures: Figures): boolean {
  return Object.values(figures).some((value) => value !== 0);
}

/** Hours of a bucket, and how far the clock of its days is ahead of UTC, milliseconds. */
function gridOf({ bucket, utcOffset }: Asked): { readonly size: number; readonly offset: number } {
  return bucket === "day" ? { size: DAY_HOURS, offset: utcOffset * MINUTE_MS } : { size: 1, offset: 0 };
}

/** The second at which the bucket with an hour begins. */
function bucketOf(hour: number, asked: Asked): number {
  const { size, offset } = gridOf(asked);
  return secondOf(Math.floor((hour + offset / HOUR_MS) / size), asked);
}

function secondOf(bucket: number, asked: Asked): number {
  const { size, offset } = gridOf(asked);
  return (bucket * size * HOUR_MS - offset) / 1000;
}

function startOf(time: number, size: number): number {
  return Math.floor(time / size) * size;
}

function endOf(time: number, size: number): number {
  return Math.ceil(time / size) * size;
}
