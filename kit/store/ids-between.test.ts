import assert from "node:assert/strict";
import { it } from "node:test";
import {
  createShiftedRuntime,
  forEachDatabase,
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
} from "@mall/kit/testing";
import { createTableModel, idsBetween, migrateToLatest, type SelectOf } from "./index.ts";

const DAY_MS = 86_400_000;

forEachDatabase("ids by time", (databases) => {
  it("are those of rows that were created between two instants, and of an hour around them", async () => {
    const runtime = createShiftedRuntime();
    const database = await databases.open({ runtime });
    await migrateToLatest(database, sampleMigrations);
    const samples = createTableModel<SampleRow, NewSampleRow, SampleColumns>(database, sampleTable);
    const rows = { findMany: samples.findMany, timeOf: ({ createTime }: SampleRow) => createTime.getTime() };
    const between = (from?: number, to?: number) =>
      idsBetween<SampleRow, SelectOf<SampleColumns>>(rows, { from, to });
    assert.deepEqual(await between(0, DAY_MS), { from: 1, to: 1 });
    const start = runtime.now();
    const ids: number[] = [];
    for (let day = 0; day < 9; day += 1) {
      ids.push(await samples.insert({ number: day }));
      // Gaps, as numbers of rows that were taken back leave them.
      await samples.delete(await samples.insert({ number: 99 }));
      runtime.shift(DAY_MS);
    }
    const [first = 0, , third = 0, fourth = 0] = ids;
    const last = ids.at(-1) ?? 0;
    const inside = async (since?: number, until?: number): Promise<number[]> => {
      const { from, to } = await between(since, until);
      return ids.filter((id) => id >= from && id < to);
    };
    assert.deepEqual(await inside(), ids);
    assert.deepEqual(await inside(start + 1.5 * DAY_MS, start + 3.5 * DAY_MS), [third, fourth]);
    assert.deepEqual(await inside(undefined, start + 0.5 * DAY_MS), [first]);
    assert.deepEqual(await inside(start + 7.5 * DAY_MS), [last]);
    assert.deepEqual(await inside(start + 2 * DAY_MS + 60_000, start + 3 * DAY_MS - 60_000), [third, fourth]);
    assert.deepEqual(await inside(start + 99 * DAY_MS), []);
    assert.deepEqual(await inside(undefined, start - DAY_MS), []);
  });
});
