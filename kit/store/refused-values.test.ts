import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AppError } from "@mall/kit/errors";
import { Breakers } from "@mall/kit/resilience";
import { systemRuntime } from "@mall/kit/runtime";
import {
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
  startMariadb,
  type TestMysql,
  whyNoMysql,
} from "@mall/kit/testing";
import { createTableModel, type Database, migrateToLatest, openDatabase } from "./index.ts";

const EMOJI = "\u{1F600}";

describe("values that a Go mall's table does not take", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  let database: Database;
  let refusals = 0;
  const samples = () => createTableModel<SampleRow, NewSampleRow, SampleColumns>(database, sampleTable);

  before(async () => {
    const started = await startMariadb();
    if ("skipped" in started) throw new Error(started.skipped);
    server = started;
    const breakers = new Breakers({
      runtime: systemRuntime,
      onRefusal: () => {
        refusals += 1;
      },
    });
    const dataSource = await server.createDatabase();
    database = await openDatabase({ dataSource, runtime: systemRuntime, breakers });
    await migrateToLatest(database, sampleMigrations);
    for (const sql of [
      "ALTER TABLE sample CONVERT TO CHARACTER SET utf8mb3",
      "ALTER TABLE sample MODIFY note varchar(5)",
      "ALTER TABLE sample MODIFY balance tinyint unsigned NOT NULL DEFAULT 0",
      "ALTER TABLE sample ADD CONSTRAINT small CHECK (owner < 100)",
    ]) {
      await database.write({ sql, parameters: [] });
    }
  });
  after(async () => {
    await database.close();
    await server.stop();
  });

  it("are told by field, alone among the good rows of one statement, and close no way", async () => {
    const bad: readonly (readonly [NewSampleRow, string | undefined])[] = [
      [{ name: EMOJI }, "name"],
      [{ note: "longer" }, "note"],
      [{ balance: 256 }, "balance"],
      [{ owner: 100 }, undefined],
    ];
    for (let round = 0; round < 12; round += 1) {
      const good = Array.from({ length: 6 }, (_, index) => ({ name: `good-${round}-${index}` }));
      const stored = good.map((row) => samples().insert(row));
      const refused = bad.map(async ([row, field]) => {
        await assert.rejects(samples().insert(row), isRefused(field));
        await assert.rejects(
          database.transaction((tx) => samples().insert(row, tx)),
          isRefused(field),
        );
      });
      await Promise.all([...stored, ...refused]);
    }
    assert.equal(refusals, 0);
    const id = await samples().insert({ name: "changed" });
    await assert.rejects(samples().update(id, { name: EMOJI }), isRefused("name"));
    assert.equal((await samples().findOne(id))?.name, "changed");
  });

  it("are found nowhere, beside those that are found in the same look", async () => {
    await samples().insert({ name: "there" });
    const [missing, there] = await Promise.all(
      [EMOJI, "there"].map((name) => samples().findOneBy("idx_name_unique", { name })),
    );
    assert.equal(missing, undefined);
    assert.equal(there?.name, "there");
  });
});

function isRefused(field: string | undefined) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AppError, String(error));
    assert.deepEqual([error.code, error.field], ["INVALID_ARGUMENT", field]);
    assert.doesNotMatch(error.message, /sample|row|SQL|CONSTRAINT/);
    return true;
  };
}
