import type { Call } from "@mall/kit/call";
import { type JobOutcome, standingJob } from "@mall/kit/jobs";
import type { Database } from "@mall/kit/store";
import type { NewPayHourRow } from "../model/gen/pay-hour-model.ts";
import type { PayHourModel } from "../model/pay-hour-model.ts";
import type { ServiceContext } from "../rpc/context.ts";
import { measure } from "./measure.ts";

export const HOUR_MS = 3_600_000;
/** An hour is added up when it is over for so long: by then all that happened in it is committed. */
const SETTLE_MS = 5 * 60_000;
/** Hours that are added up once more with each new one, as attempts that were begun in them may end meanwhile. */
const AGAIN_HOURS = 26;
/** Hours that are added up in one transaction. */
const CHUNK_HOURS = 24;

/** How long one run goes back into the past, milliseconds. */
const WORK_MS = 3_000;

type Hours = { readonly from: number; readonly to: number };

/**
 * Adds hours up for statistics: each when it is over, and what lies before the first, day by day, as far back as there
 * are payments. Says when to look again, and never ends.
 */
export function addHoursUp(context: ServiceContext): (call: Call) => Promise<JobOutcome> {
  return standingJob(context.log, "hours to add up", (call) => addUpNext(context, call));
}

async function addUpNext(context: ServiceContext, call: Call): Promise<number> {
  const { database, payHourModel, runtime } = context;
  const now = runtime.now();
  const end = Math.floor((now - SETTLE_MS) / HOUR_MS);
  const span = await payHourModel.span();
  const from = span === undefined ? end - CHUNK_HOURS : span.last + 1 - AGAIN_HOURS;
  if (span === undefined || span.last + 1 < end) {
    for (let first = from; first < end; first += CHUNK_HOURS) {
      call.throwIfDone();
      await addUp(database, payHourModel, { from: first, to: Math.min(first + CHUNK_HOURS, end) });
    }
    return 0;
  }
  if (await addPastUp(context, call, span.first)) return 0;
  return (end + 1) * HOUR_MS + SETTLE_MS - now;
}

/** Adds up what lies before the first hour, back for WORK_MS; gives whether there is more. */
async function addPastUp(
  { database, payHourModel, runtime }: ServiceContext,
  call: Call,
  first: number,
): Promise<boolean> {
  const begin = await firstHour(database);
  const startedAt = runtime.elapsed();
  let to = first;
  while (begin < to && runtime.elapsed() - startedAt < WORK_MS) {
    call.throwIfDone();
    const from = Math.max(begin, to - CHUNK_HOURS);
    await addUp(database, payHourModel, { from, to });
    to = from;
  }
  return begin < to;
}

/** The hour of the first payment; beyond all hours where there is none. */
export async function firstHour(database: Database): Promise<number> {
  const sql = "SELECT create_time AS at FROM pay WHERE create_time IS NOT NULL ORDER BY id LIMIT 1";
  const [row] = await database.read({ sql, parameters: [] });
  if (typeof row?.at !== "string") return Number.POSITIVE_INFINITY;
  return Math.floor(database.times.toDate(row.at).getTime() / HOUR_MS);
}

async function addUp(database: Database, model: PayHourModel, hours: Hours): Promise<void> {
  const span = { from: hours.from * HOUR_MS, to: hours.to * HOUR_MS, slotMs: HOUR_MS };
  const measured = await measure(database, span);
  const rows = measured.map(({ slot, channel, currency, figures }): NewPayHourRow => {
    return { hour: slot, channel, currency, ...figures };
  });
  const marks = Array.from({ length: hours.to - hours.from }, (_, index) => ({ hour: hours.from + index }));
  const isMarked = new Set(
    rows.filter(({ channel, currency }) => channel === "" && currency === "").map(({ hour }) => hour),
  );
  const all = [...rows, ...marks.filter(({ hour }) => !isMarked.has(hour))];
  await database.transaction((tx) => model.replace(tx, hours, all));
}
