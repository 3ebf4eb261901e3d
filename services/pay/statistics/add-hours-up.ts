import type { Call } from "@mall/kit/call";
import { type JobOutcome, LOOK_MS_MAX, standingJob } from "@mall/kit/jobs";
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
/** Hours that are looked at and written at a time: at first, and the most where little happened in them. */
const CHUNK_HOURS = 24;
const CHUNK_HOURS_MAX = 28 * 24;
/** Of this many payments and attempts a look takes some hundredths of a second; where there are more, hours are fewer. */
const CHUNK_ROWS = 20_000;
/** From one run that works at hours that are long over to the next: requests have the machine meanwhile. */
const REST_MS = 500;

type Hours = { readonly from: number; readonly to: number };

/**
 * Adds hours up for statistics: each when it is over, and what lies before the first, back to the first payment. Old
 * ones are added up some seconds at a time; whoever goes on, also after a crash, goes on where the table ends. Says when
 * to look again, and never ends.
 */
export function addHoursUp(context: ServiceContext): (call: Call) => Promise<JobOutcome> {
  const adder = new HourAdder(context);
  return standingJob(context, "hours to add up", (call) => adder.addNext(call));
}

class HourAdder {
  readonly #context: ServiceContext;
  /** Hours that are looked at and written at a time. */
  #chunkHours = CHUNK_HOURS;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Works for a while; gives how many milliseconds later there is more. */
  async addNext(call: Call): Promise<number> {
    const { payHourModel, runtime } = this.#context;
    const now = runtime.now();
    const end = Math.floor((now - SETTLE_MS) / HOUR_MS);
    const span = await payHourModel.span();
    const { first, last } = span ?? { first: end - CHUNK_HOURS, last: end - CHUNK_HOURS - 1 };
    if (span === undefined || last + 1 < end) return this.#addNew(call, { first, last, end });
    const left = await this.#addPast(call, first);
    return left === 0 ? (end + 1) * HOUR_MS + SETTLE_MS - now : REST_MS;
  }

  /** Adds up what follows the last hour, and some before it again; always more than these. */
  async #addNew(
    call: Call,
    { first, last, end }: { readonly first: number; readonly last: number; readonly end: number },
  ): Promise<number> {
    const isOver = this.#clock();
    // Not from before the first: whoever is broken off leaves no hole.
    let from = Math.max(first, last + 1 - AGAIN_HOURS);
    while (from < end && (from <= last + 1 || !isOver()))
      from = await this.#addChunk(call, { from, to: end });
    if (from < end) this.#tell(end - from);
    return from < end ? REST_MS : 0;
  }

  /** Adds up what lies before the first hour; gives how many hours are left. */
  async #addPast(call: Call, first: number): Promise<number> {
    const begin = await firstHour(this.#context.database);
    const isOver = this.#clock();
    let to = first;
    while (begin < to && !isOver()) {
      const from = Math.max(begin, to - this.#chunkHours);
      await this.#addChunk(call, { from, to });
      to = from;
    }
    if (to < first) this.#tell(Math.max(0, to - begin));
    return Math.max(0, to - begin);
  }

  /** Adds up the first hours of a range, as many as are looked at quickly; gives the hour that follows. */
  async #addChunk(call: Call, { from, to }: Hours): Promise<number> {
    call.throwIfDone();
    const { database, payHourModel } = this.#context;
    const hours = { from, to: Math.min(to, from + this.#chunkHours) };
    const rows = await addUp(database, payHourModel, hours);
    if (rows > CHUNK_ROWS) this.#chunkHours = Math.max(1, Math.floor(this.#chunkHours / 2));
    else if (rows < CHUNK_ROWS / 4) this.#chunkHours = Math.min(CHUNK_HOURS_MAX, this.#chunkHours * 2);
    return hours.to;
  }

  #clock(): () => boolean {
    const { runtime } = this.#context;
    const startedAt = runtime.elapsed();
    return () => runtime.elapsed() - startedAt >= LOOK_MS_MAX;
  }

  #tell(hoursLeft: number): void {
    const what = hoursLeft === 0 ? "all hours are added up" : `${hoursLeft} hours are yet to be added up`;
    this.#context.log.info({}, `statistics: ${what}`);
  }
}

/** The hour of the first payment; beyond all hours where there is none. */
export async function firstHour(database: Database): Promise<number> {
  const sql = "SELECT create_time AS at FROM pay WHERE create_time IS NOT NULL ORDER BY id LIMIT 1";
  const [row] = await database.read({ sql, parameters: [] });
  if (typeof row?.at !== "string") return Number.POSITIVE_INFINITY;
  return Math.floor(database.times.toDate(row.at).getTime() / HOUR_MS);
}

/** Gives how many payments and attempts that was about. */
async function addUp(database: Database, model: PayHourModel, hours: Hours): Promise<number> {
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
  return measured.reduce((sum, { figures: { opened, begun } }) => sum + opened + begun, 0);
}
