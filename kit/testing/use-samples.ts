import { before } from "node:test";
import type { Database, TableModel } from "@mall/kit/store";
import type { TestDatabases } from "./for-each-database.ts";
import {
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
} from "./sample-table.ts";

/** A database with the sample table, and the table's model. */
export interface UsedSamples {
  readonly database: Database;
  readonly samples: TableModel<SampleRow, NewSampleRow, SampleColumns>;
}

/** Gives a suite one database with the sample table; its tests share it and use names of their own. */
export function useSamples(databases: TestDatabases): () => UsedSamples {
  let used: UsedSamples | undefined;
  before(async () => {
    const { createTableModel, migrateToLatest } = await import("@mall/kit/store");
    const database = await databases.open();
    await migrateToLatest(database, sampleMigrations);
    used = { database, samples: createTableModel(database, sampleTable) };
  });
  return () => {
    if (used === undefined) throw new Error("the samples are there once the suite's tests run");
    return used;
  };
}
