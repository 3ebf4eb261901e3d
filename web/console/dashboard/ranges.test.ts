import assert from "node:assert/strict";
import { test } from "node:test";
import { momentsOf, rangeUntil } from "./ranges.ts";

test("a range ends with the minute that is, and counts days by whole hours of the viewer's clock", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const to = Date.UTC(2026, 0, 2, 3, 5) / 1000;
  assert.deepEqual(rangeUntil("hour", now, 480), { from: to - 3600, to, bucket: "minute", utcOffset: 480 });
  assert.deepEqual(rangeUntil("year", now, -210), {
    ...{ from: to - 365 * 86_400, to, bucket: "day" },
    utcOffset: -180,
  });
});

test("the parts of a range begin where the clock's do, and reach to its end", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const minutes = momentsOf(rangeUntil("hour", now, 0));
  assert.deepEqual([minutes.length, minutes.at(-1)], [60, Date.UTC(2026, 0, 2, 3, 4) / 1000]);
  const days = momentsOf(rangeUntil("month", now, 480));
  // In China it is the second of January since 16:00.
  assert.deepEqual([days.length, days.at(-1)], [31, Date.UTC(2026, 0, 1, 16) / 1000]);
});
