import assert from "node:assert/strict";
import { test } from "node:test";
import { allRows, nextOf, pageOf } from "./use-rows.ts";

test("a file has the rows of all pages, also behind one that has none", async () => {
  const pages = [[3, 2], [], [1]];
  const asked: (number | undefined)[] = [];
  const ask = async (before: number | undefined) => {
    asked.push(before);
    const at = before ?? 0;
    return { rows: pages[at] ?? [], next: at + 1 < pages.length ? at + 1 : undefined };
  };
  assert.deepEqual(await allRows({ ask }), { rows: [3, 2, 1], isCut: false });
  assert.deepEqual(asked, [undefined, 1, 2]);
});

test("a file ends somewhere, and says so", async () => {
  const ask = async (before: number | undefined, limit: number) => ({
    rows: Array.from({ length: limit }, (_, at) => (before ?? 0) + at),
    next: (before ?? 0) + limit,
  });
  const { rows, isCut } = await allRows({ ask });
  assert.deepEqual([rows.length, isCut], [10_000, true]);
});

test("behind a full page there may be more, behind a short one there is nothing", () => {
  const rows = [{ id: 9 }, { id: 4 }];
  assert.deepEqual(
    [pageOf(rows, 2).next, pageOf(rows, 3).next, pageOf([], 3).next],
    [4, undefined, undefined],
  );
});

test("a next page of 0 is none", () => {
  assert.deepEqual([nextOf(0), nextOf(7)], [undefined, 7]);
});
