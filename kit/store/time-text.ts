import type { TimeText } from "./database.ts";
import { Memo } from "./memo.ts";

/** In steps of a quarter of an hour every zone has changed its offset since 1973; milliseconds. */
export const SLOT_MS = 15 * 60_000;
/** From when on that is so, milliseconds since the epoch. */
export const SLOTS_FROM = Date.UTC(1973, 0, 1);
/** In milliseconds. */
export const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const WALL_TEXT = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)?$/;
/** What MySQL writes where there is no time; Go's driver reads it as its zero time, so do we. */
const ZERO_DATE = "0000-00-00";
const GO_ZERO_TIME = Date.UTC(2001, 0, 1) - 730_485 * 86_400_000;

/** What to add to an instant (milliseconds since the epoch) for the wall clock of a zone, milliseconds. */
export type OffsetAt = (instant: number) => number;

/** A clock that times are written by; both sides are milliseconds, the wall clock's as if it were UTC. */
export interface WallClock {
  toWall(instant: number): number;
  toInstant(wall: number): number;
}

/** Times as text in UTC: SQLite's. */
export const utcTimeText: TimeText = createTimeText({ toWall: (at) => at, toInstant: (wall) => wall });

/**
 * Times as wall-clock text of a zone (an IANA name). Where the clock shows a time twice or never, Go's
 * time.Date decides, as for go-sql-driver's `loc`.
 *
 * @throws RangeError for a name that is not a zone.
 */
export function zoneTimeText(zone: string): TimeText {
  if (zone === "UTC") return utcTimeText;
  const offsetAt = zoneOffset(zone);
  return createTimeText({
    toWall: (instant) => instant + offsetAt(instant),
    toInstant: (wall) => {
      const offset = offsetAt(wall);
      const instant = wall - offset;
      const offsetThere = offsetAt(instant);
      return offsetThere === offset ? instant : wall - offsetThere;
    },
  });
}

/** Times as text of a clock's walls. */
export function createTimeText(clock: WallClock): TimeText {
  // Most times that are written are of a few minutes: this one, and the one in which what begins now will end.
  const minutes = new Memo(64, startOfMinute);
  // Rows that are written in one go carry one time, each of them twice.
  let last = { instant: Number.NaN, text: "" };
  return {
    toText(time) {
      const instant = time.getTime();
      if (instant === last.instant) return last.text;
      const wall = clock.toWall(instant);
      const minute = Math.floor(wall / MINUTE_MS);
      last = { instant, text: minutes.of(minute) + secondsText(wall - minute * MINUTE_MS) };
      return last.text;
    },
    toDate(text) {
      if (text.startsWith(ZERO_DATE)) return new Date(GO_ZERO_TIME);
      return new Date(clock.toInstant(parseWall(text)));
    },
  };
}

/** `2026-01-31 23:59:` */
function startOfMinute(minute: number): string {
  const iso = new Date(minute * MINUTE_MS).toISOString();
  return `${iso.slice(0, -8).replace("T", " ")}:`;
}

/** `07.042` for 7042 milliseconds. */
function secondsText(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  const rest = milliseconds - second * 1000;
  return `${second < 10 ? "0" : ""}${second}.${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}`;
}

/** The wall clock read as if it were UTC, milliseconds; finer digits are cut off. */
function parseWall(text: string): number {
  const usual = parseUsualWall(text);
  return Number.isNaN(usual) ? parseAnyWall(text) : usual;
}

/**
 * What toText and MySQL write, `2026-01-31 23:59:59` with or without milliseconds, read on a short way: rows come
 * back far more often than odd texts. NaN for any other.
 */
function parseUsualWall(text: string): number {
  if ((text.length !== 19 && text.length !== 23) || !hasUsualSeparators(text)) return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const isUsual =
    // Date.UTC takes a year below 100 for one of the 20th century.
    year >= 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isUsual) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, text.length === 19 ? 0 : digits(text, 20, 23));
}

function hasUsualSeparators(text: string): boolean {
  const isDate = text[4] === "-" && text[7] === "-" && text[10] === " ";
  return isDate && text[13] === ":" && text[16] === ":" && (text.length === 19 || text[19] === ".");
}

/** The number written from `start` to `end`; NaN where something else than digits stands there. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAnyWall(text: string): number {
  const match = WALL_TEXT.exec(text);
  if (match === null) throw new RangeError(`not a time: ${text}`);
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = ""] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
}

/**
 * The offsets of an IANA zone.
 *
 * @throws RangeError for a name that is not a zone.
 */
export function zoneOffset(zone: string): OffsetAt {
  let known = OFFSETS.get(zone);
  if (known === undefined) {
    known = createZoneOffset(zone);
    OFFSETS.set(zone, known);
  }
  return known;
}

/** Of the zones that were asked for, of which there are some hundred at most. */
const OFFSETS = new Map<string, OffsetAt>();

function createZoneOffset(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const compute = (instant: number): number => {
    const part = format.formatToParts(instant).find(({ type }) => type === "timeZoneName");
    return parseOffset(part?.value ?? "GMT");
  };
  // No day has two changes, so most days take two looks, and rows of all ages share them.
  const days = new Memo(4096, (day) => {
    const offset = compute(day * DAY_MS);
    return offset === compute((day + 1) * DAY_MS) ? offset : Number.NaN;
  });
  const slots = new Memo(4096, (slot) => compute(slot * SLOT_MS));
  return (instant) => {
    if (instant < SLOTS_FROM) return compute(instant);
    const ofDay = days.of(Math.floor(instant / DAY_MS));
    return Number.isNaN(ofDay) ? slots.of(Math.floor(instant / SLOT_MS)) : ofDay;
  };
}

/** `GMT`, `GMT+08:00` or `GMT-03:30:20` in milliseconds. */
function parseOffset(name: string): number {
  const match = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (match === null) return 0;
  const [, sign, hours, minutes, seconds = "0"] = match;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}
