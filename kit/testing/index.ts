export { forEachDatabase, type TestDatabases } from "./for-each-database.ts";
export { createManualRuntime, type ManualRuntime } from "./manual-runtime.ts";
export {
  type PrivateMariadb,
  type Skipped,
  startMariadb,
  startPrivateMariadb,
  type TestMysql,
  whyNoMysql,
  whyNoPrivateMariadb,
} from "./mariadb.ts";
export {
  type NewSampleRow,
  type SampleColumns,
  type SampleRow,
  sampleMigrations,
  sampleTable,
} from "./sample-table.ts";
export { silentLogger } from "./silent-logger.ts";
export { createTestFolder } from "./test-folder.ts";
export { type UsedSamples, useSamples } from "./use-samples.ts";
