import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeGoFlags } from "./go-flags.ts";

test("long flags with one dash get their second, all else stays as it is", () => {
  const given = [
    "-src",
    "./pay.sql",
    "-dir=./model",
    "-c",
    "--dir",
    "-no-scaffold",
    "-",
    "--",
    "-1",
    "pay-src",
  ];
  const expected = [
    "--src",
    "./pay.sql",
    "--dir=./model",
    "-c",
    "--dir",
    "--no-scaffold",
    "-",
    "--",
    "-1",
    "pay-src",
  ];
  assert.deepEqual(normalizeGoFlags(given), expected);
});
