import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase } from "@mall/kit/store";
import { startMariadb, type TestMysql, whyNoMysql } from "@mall/kit/testing";
import { MIGRATIONS } from "../migrations.ts";
import { foreignStateLines } from "./foreign-states.ts";

describe("rows of a Go mall whose status means something else here", { skip: whyNoMysql() ?? false }, () => {
  let server: TestMysql;
  let database: Database;

  before(async () => {
    const started = await startMariadb();
    if ("skipped" in started) throw new Error(started.skipped);
    server = started;
    database = await openDatabase({ dataSource: await server.createDatabase(), runtime: systemRuntime });
  });
  after(async () => {
    await database.close();
    await server.stop();
  });

  const run = (sql: string) => database.write({ sql, parameters: [] });

  it("are counted by table and status, until the table is taken over", async () => {
    assert.deepEqual(await foreignStateLines(database), [], "an empty database");
    for (const service of ["product", "order", "pay"]) {
      const file = new URL(`../../services/${service}/model/migrations/0001-seed.sql`, import.meta.url);
      await run(readFileSync(file, "utf8"));
    }
    await run("INSERT INTO product (stock, status) VALUES (1, 0), (1, 1), (1, 1), (1, 7)");
    await run("INSERT INTO `order` (uid, status) VALUES (1, 0), (1, 1), (1, 9), (1, 10)");
    await run("INSERT INTO pay (oid, status) VALUES (1, 0), (2, 1), (3, 2)");
    assert.deepEqual((await foreignStateLines(database)).toSorted(), [
      "order: 1 row has status 10, which means here: removed: nobody sees it",
      "pay: 1 row has status 2, which means here: closed",
      "product: 1 row has status 7, which means here: nothing, and such a row can hardly be used",
      "product: 2 rows have status 1, which means here: off shelf: nobody can order it",
    ]);
    for (const set of MIGRATIONS) await migrateToLatest(database, set);
    assert.deepEqual(await foreignStateLines(database), [], "what was taken over speaks for itself");
  });
});
