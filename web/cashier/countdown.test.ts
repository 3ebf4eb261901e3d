import assert from "node:assert/strict";
import { test } from "node:test";
import { countdownText } from "./countdown.ts";

test("the time left is minutes and seconds, with hours where there are some", () => {
  assert.deepEqual([0, 59, 60, 1799, 3600, 90_061].map(countdownText), [
    ...["00:00", "00:59", "01:00", "29:59", "01:00:00", "25:01:01"],
  ]);
});
