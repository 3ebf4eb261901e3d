import assert from "node:assert/strict";
import { it } from "node:test";
import { type Runtime, systemRuntime } from "@mall/kit/runtime";
import { newGid, wasAtOnce } from "./new-order.ts";

const NOON = Date.UTC(2026, 10, 30, 12);

function at(time: number): Runtime {
  return { ...systemRuntime, now: () => time };
}

for (const isAtOnce of [true, false]) {
  it(`names orders in the sequence of their times, ${isAtOnce ? "taken at once" : "by a saga"}`, () => {
    const times = [0, NOON, NOON + 1, NOON + 16, NOON + 86_400_000, Date.UTC(2500, 0)];
    const names = times.map((time) => newGid(at(time), { isAtOnce }));
    assert.deepEqual(names.toSorted(), names);
    assert.equal(new Set(names.map((name) => name.length)).size, 1);
  });

  it(`names no two orders of one moment alike, ${isAtOnce ? "taken at once" : "by a saga"}`, () => {
    const names = Array.from({ length: 1000 }, () => newGid(at(NOON), { isAtOnce }));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.every((name) => wasAtOnce(name) === isAtOnce));
  });
}
