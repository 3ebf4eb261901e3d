import type { TimeText } from "../database.ts";
import { Memo } from "../memo.ts";
import { createTimeText, DAY_MS, type OffsetAt, SLOT_MS, SLOTS_FROM, type WallClock } from "../time-text.ts";

const HOUR_MS = 3_600_000;
/** Over how long a step back is spread, and the largest that is: clock changes are of an hour at most. */
const SPREAD_MS = 4 * HOUR_MS;
const STEP_BACK_MS_MAX = 2 * HOUR_MS;
/** How far from the first guess an instant may lie: two clock changes, and a step that is spread. */
const SEARCH_MS = 2 * SPREAD_MS;

/** What is kept for the instants from `start` on: `stored`, and from there on `pace` for every millisecond. */
interface Stretch {
  readonly start: number;
  readonly stored: number;
  readonly pace: number;
}

/**
 * Times of `timestamp` columns as a session in UTC writes and reads them, so that a program with go-sql-driver, whose
 * session has the zone `server` and whose `loc` is `loc`, reads what we write as the instant that it is, and we read
 * what it writes likewise. With `server` in UTC this is the text of `datetime` columns, which no session converts.
 *
 * go-sql-driver writes the wall clock of `loc` as if it were that of the session. Where both zones have the same
 * offset, the database so holds the instant itself, else one beside it. Twice a year that is not enough, in zones that
 * differ by more or less as their clocks change: two instants an hour apart have one text (the clocks of `loc` go
 * back), or an instant has none (those of the session go forward, and a strict server refuses the text). There the hour
 * is made up over the four that follow: texts stay in the order of their instants, each is read as its own to the
 * second or so, and only programs with go-sql-driver read them some time off, an hour where one clock changes.
 */
export function storedTimes(server: OffsetAt, loc: OffsetAt): TimeText {
  return createTimeText(createStoredClock(server, loc));
}

function createStoredClock(server: OffsetAt, loc: OffsetAt): WallClock {
  const shiftAt = (instant: number): number => shiftOf(instant, server, loc);
  const days = new Memo(4096, (day) => findCalmDay(day * DAY_MS, server, loc) ?? "changing");
  const slots = new Memo(1024, (slot) => findStretch(slot * SLOT_MS, shiftAt));
  const stretchAt = (instant: number): Stretch => {
    const ofDay = days.of(Math.floor(instant / DAY_MS));
    return ofDay === "changing" ? slots.of(Math.floor(instant / SLOT_MS)) : ofDay;
  };
  const toWall = (instant: number): number => {
    if (instant < SLOTS_FROM) return instant + shiftAt(instant);
    const { start, stored, pace } = stretchAt(instant);
    return Math.floor(stored + (instant - start) * pace);
  };
  const toInstant = (wall: number): number => {
    const about = wall - shiftAt(wall - shiftAt(wall));
    if (about < SLOTS_FROM || toWall(about) === wall) return about;
    const slot = lastSlotUntil(wall, about, toWall);
    const { start, stored, pace } = stretchAt(slot * SLOT_MS);
    // Beyond the slot lies what no instant is written as.
    return Math.min(Math.ceil(start + (wall - stored) / pace), (slot + 1) * SLOT_MS - 1);
  };
  return { toWall, toInstant };
}

/**
 * What to add to an instant for that at which the session's clock shows what `loc` shows at the instant: itself if it
 * does then, else the first of two; where the session's clock never shows it, by the offset after the change.
 */
function shiftOf(instant: number, server: OffsetAt, loc: OffsetAt): number {
  const offset = loc(instant);
  if (server(instant) === offset) return 0;
  const wall = instant + offset;
  const before = server(wall - DAY_MS);
  return offset - (server(wall - before) === before ? before : server(wall + DAY_MS));
}

/** What holds for a day on which no clock changes, nor near it. */
function findCalmDay(start: number, server: OffsetAt, loc: OffsetAt): Stretch | undefined {
  const [from, to] = [start - 2 * DAY_MS, start + 3 * DAY_MS];
  if (server(from) !== server(to) || loc(from) !== loc(to)) return undefined;
  return { start, stored: start + loc(start) - server(start), pace: 1 };
}

/** What holds in the quarter of an hour from `from` on. */
function findStretch(from: number, shiftAt: (instant: number) => number): Stretch {
  for (let start = from; start > from - SPREAD_MS; start -= SLOT_MS) {
    const before = shiftAt(start - SLOT_MS);
    const back = before - shiftAt(start);
    if (back > 0 && back <= STEP_BACK_MS_MAX) {
      return { start, stored: start + before, pace: 1 - back / SPREAD_MS };
    }
  }
  return { start: from, stored: from + shiftAt(from), pace: 1 };
}

/** The last slot whose first instant is written as `wall` or less. */
function lastSlotUntil(wall: number, about: number, toWall: (instant: number) => number): number {
  let slot = Math.floor((about + SEARCH_MS) / SLOT_MS);
  while (toWall(slot * SLOT_MS) > wall) slot -= 1;
  return slot;
}
