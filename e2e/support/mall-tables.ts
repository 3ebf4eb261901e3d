import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import type { TestMysql } from "@mall/kit/testing";
import { loadServices } from "../../cli/services.ts";

/** The DSN of a new database with the mall's tables. */
export async function createMallTables(mysql: TestMysql): Promise<string> {
  const dataSource = await mysql.createDatabase();
  await migrateAll(dataSource);
  return dataSource;
}

/** Brings the tables of every service in a database up to date. */
export async function migrateAll(dataSource: string): Promise<void> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const { rpc } of await loadServices()) {
    for (const set of rpc?.migrations ?? []) await migrateToLatest(database, set);
  }
  await database.close();
}
