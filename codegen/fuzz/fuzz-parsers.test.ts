import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzParsers } from "./fuzz-parsers.ts";

const INPUTS = 10_000;

test(`${INPUTS} inputs of a grammar, most of them broken, are read or refused with a place, each in time`, () => {
  const seed = Date.now() % 2 ** 31;
  const { slowestMs, accepted } = fuzzParsers(seed, INPUTS);
  assert.ok(accepted > 0 && accepted < INPUTS, `seed ${seed}: ${accepted} accepted`);
  assert.ok(slowestMs < 1000, `seed ${seed}: an input took ${slowestMs} ms`);
});
