import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { TimeText } from "../database.ts";
import { type OffsetAt, utcTimeText, zoneOffset, zoneTimeText } from "../time-text.ts";
import { storedTimes } from "./stored-times.ts";

const HOUR_MS = 3_600_000;
/** Zones whose clocks never change, change in the north, in the south, at other hours, and by half an hour. */
const ZONES = [
  ...["UTC", "Asia/Shanghai", "Europe/Berlin", "Europe/London", "America/New_York"],
  ...["America/Santiago", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"],
];
const OFFSETS = new Map(ZONES.map((zone) => [zone, zoneOffset(zone)]));
const TEXTS = new Map(ZONES.map((zone) => [zone, zoneTimeText(zone)]));
const PAIRS = ZONES.flatMap((server) => ZONES.map((loc) => [server, loc] as const));

function timesOf(server: string, loc: string) {
  return storedTimes(offsetOf(server), offsetOf(loc));
}

function textOf(zone: string): TimeText {
  const text = TEXTS.get(zone);
  assert.ok(text !== undefined);
  return text;
}

function offsetOf(zone: string): OffsetAt {
  const offset = OFFSETS.get(zone);
  assert.ok(offset !== undefined);
  return offset;
}

/** Whether no clock changes near a time. */
function isCalm(zones: readonly string[], time: number): boolean {
  const near = 30 * HOUR_MS;
  return zones.map(offsetOf).every((offset) => offset(time - near) === offset(time + near));
}

/** What a program in Go with this `loc` reads, in a session with the server's zone. */
function readByGo(server: string, loc: string, stored: string): Date {
  return textOf(loc).toDate(textOf(server).toText(utcTimeText.toDate(stored)));
}

/** The whole seconds around all clock changes of a year, where things go wrong if they do. */
function nearChanges(zones: readonly string[]): number[] {
  const found: number[] = [];
  for (const offset of zones.map(offsetOf)) {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += HOUR_MS) {
      if (offset(at) === offset(at + HOUR_MS)) continue;
      for (let near = at - 2 * HOUR_MS; near < at + 7 * HOUR_MS; near += 11 * 60_000 + 13_000)
        found.push(near);
    }
  }
  return found.sort((left, right) => left - right);
}

describe("stored times", () => {
  const date = fc.date({ min: new Date("1990-01-01"), max: new Date("2037-12-31"), noInvalidDate: true });

  it("are read as the instants that they were, whatever the zones, also cut to seconds", () => {
    for (const [server, loc] of PAIRS) {
      const times = timesOf(server, loc);
      const check = (instant: number): void => {
        const text = times.toText(new Date(instant));
        for (const written of [text, text.slice(0, 19)]) {
          const late = instant - times.toDate(written).getTime();
          assert.ok(
            late >= 0 && late <= (written === text ? 2 : 2000),
            `${server} ${loc} ${text}: ${late} ms`,
          );
        }
      };
      fc.assert(
        fc.property(date, (time) => check(time.getTime())),
        { numRuns: 20 },
      );
      for (const instant of nearChanges([server, loc])) check(instant);
    }
  });

  it("have texts in the order of their instants through every change of the clocks", () => {
    for (const [server, loc] of PAIRS) {
      const times = timesOf(server, loc);
      let last = "";
      for (const instant of nearChanges([server, loc])) {
        const text = times.toText(new Date(instant));
        assert.ok(text >= last, `${server} ${loc}: ${text} after ${last}`);
        last = text;
      }
    }
  });

  it("are the instants themselves where session and loc have one zone, at any hour", () => {
    for (const zone of ZONES) {
      const times = timesOf(zone, zone);
      for (const instant of nearChanges([zone])) {
        assert.equal(times.toText(new Date(instant)), utcTimeText.toText(new Date(instant)), zone);
      }
    }
  });

  it("are read by go-sql-driver as their instants, but for hours in which its own zones cannot tell", () => {
    for (const [server, loc] of PAIRS) {
      const times = timesOf(server, loc);
      fc.assert(
        fc.property(date, (time) => {
          fc.pre(isCalm([server, loc], time.getTime()));
          const read = readByGo(server, loc, times.toText(time));
          assert.equal(read.toISOString(), time.toISOString(), `${server} ${loc}`);
        }),
        { numRuns: 20 },
      );
      for (const instant of nearChanges([server, loc])) {
        const off = readByGo(server, loc, times.toText(new Date(instant))).getTime() - instant;
        // Two zones may both change within some hours.
        assert.ok(
          Math.abs(off) <= 2 * HOUR_MS,
          `${server} ${loc} ${new Date(instant).toISOString()}: ${off}`,
        );
      }
    }
  });

  it("of a program in Go are read as it meant them", () => {
    for (const [server, loc] of PAIRS) {
      const times = timesOf(server, loc);
      fc.assert(
        fc.property(date, (time) => {
          const stored = utcTimeText.toText(textOf(server).toDate(textOf(loc).toText(time)));
          fc.pre(isCalm([server, loc], time.getTime()));
          assert.equal(times.toDate(stored).toISOString(), time.toISOString(), `${server} ${loc}`);
        }),
        { numRuns: 20 },
      );
    }
  });
});
