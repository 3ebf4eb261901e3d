import assert from "node:assert/strict";
import { before, it } from "node:test";
import { forEachDatabase, type SampleColumns, type SampleRow, useSamples } from "@mall/kit/testing";
import { type ScannedPage, type SelectOf, scanNewest, startsWith } from "./index.ts";

/** More than one page looks through. */
const ROWS = 10_050;
const RARE = [1, 40, 60, ROWS];

type Query = SelectOf<SampleColumns>;

forEachDatabase("a search", (databases) => {
  const used = useSamples(databases);
  before(async () => {
    const { database, samples } = used();
    const row = (id: number) => ({
      owner: id % 2,
      name: `${id}`,
      note: RARE.includes(id) ? "Rare_%!1" : "common",
      number: id,
    });
    await database.transaction(async (tx) => {
      for (let first = 1; first <= ROWS; first += 201) {
        await samples.insertAll(
          Array.from({ length: 201 }, (_, index) => row(first + index)).filter(
            ({ number }) => number <= ROWS,
          ),
          tx,
        );
      }
    });
  });

  const named = (name: string) => (query: Query) => query.where(startsWith("note", name));
  const owned = (query: Query): Query => query.where("owner", "=", 0);
  const scan = (page: object): Promise<ScannedPage<SampleRow>> =>
    scanNewest<SampleRow, Query>(used().samples.findMany, { before: 0, limit: 3, ...page });
  const numbers = ({ rows }: ScannedPage<SampleRow>): number[] => rows.map(({ number }) => number);

  it("gives the newest first, page by page, to the oldest", async () => {
    const first = await scan({});
    assert.deepEqual(numbers(first), [ROWS, ROWS - 1, ROWS - 2]);
    assert.deepEqual(numbers(await scan({ before: first.next })), [ROWS - 3, ROWS - 4, ROWS - 5]);
    const [, second] = (await scan({ limit: 2 })).rows;
    const end = await scan({ before: (second?.id ?? 0) - ROWS + 4, limit: 500 });
    assert.deepEqual([numbers(end), end.next], [[2, 1], 0]);
  });

  it("looks through so many rows for a page and no more, and goes on where it ended", async () => {
    const first = await scan({ matching: named("rare") });
    assert.deepEqual(numbers(first), [ROWS, 60]);
    assert.ok(first.next > 0);
    const second = await scan({ matching: named("rare"), before: first.next });
    assert.deepEqual([numbers(second), second.next], [[40, 1], 0]);
    const none = await scan({ matching: named("neither") });
    assert.deepEqual(none.rows, []);
    assert.deepEqual(await scan({ matching: named("neither"), before: none.next }), { rows: [], next: 0 });
  });

  it("counts only the rows that an index gives", async () => {
    const page = await scan({ within: owned, matching: named("rare") });
    assert.deepEqual([numbers(page), page.next > 0], [[ROWS, 60, 40], true]);
    assert.deepEqual(numbers(await scan({ within: owned, matching: named("rare"), before: page.next })), []);
  });

  it("takes what stands for something in a pattern as what it is", async () => {
    for (const name of ["rare_%!", "RARE_%!1", "Rare_"]) {
      assert.deepEqual(numbers(await scan({ matching: named(name) })), [ROWS, 60], name);
    }
    for (const name of ["R%", "Rare__", "_are", "are", "Rare_%!12", "\\"]) {
      assert.deepEqual(numbers(await scan({ matching: named(name) })), [], name);
    }
  });
});
