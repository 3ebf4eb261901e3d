export { createBatchedRead } from "./batched-read.ts";
export { type CachedModelOptions, createRowView, createTableModel } from "./create-table-model.ts";
export { type DataSource, type MysqlSource, parseDataSource, serverText } from "./data-source.ts";
export type {
  AnyTables,
  Database,
  RowTransaction,
  Snapshot,
  TableStore,
  TimeText,
  Transaction,
  TransactionEnd,
  TransactionOptions,
} from "./database.ts";
export { type DatabaseZones, readDatabaseZones } from "./database-zones.ts";
export { fitText } from "./fit-text.ts";
export {
  type DatedRows,
  firstIdSince,
  type IdRange,
  idsBetween,
  type RowFrom,
  type TimeRange,
} from "./ids-between.ts";
export { createKysely } from "./kysely-runner.ts";
export { assertSchemaCurrent, migrateToLatest, pendingMigrations } from "./migrate.ts";
export { deniedBy } from "./mysql/errors.ts";
export type { RawConnection, RawPool } from "./mysql/pool.ts";
export { loadMysqlDatabase, type OpenDatabaseOptions, openDatabase } from "./open-database.ts";
export { type PagedSelect, places, readPages } from "./read-pages.ts";
export { rowStatements } from "./row-statements.ts";
export { createRowSweeper } from "./row-sweeper.ts";
export { type ScannedPage, scanNewest } from "./scan-newest.ts";
export { readServerClock } from "./server-clock.ts";
export { SqliteConnection } from "./sqlite/connection.ts";
export { SqliteDatabase } from "./sqlite/database.ts";
export type { SqliteFile } from "./sqlite/file.ts";
export { isOrUnder, startsWith } from "./starts-with.ts";
export type { Dialect, RawRow, SqlValue, Statement, StatementRunner, WriteResult } from "./statement.ts";
export { DuplicateKeyError, refuseDuplicate } from "./store-errors.ts";
export type {
  CacheDefinition,
  CachedField,
  ColumnDefinition,
  ColumnType,
  MigrationDefinition,
  MigrationSet,
  TableDefinition,
} from "./table.ts";
export { convertForms, findOutdatedForms, type OutdatedForm } from "./table-form.ts";
export type { ChangeOptions, RowView, SelectOf, TableModel, UpdateOf } from "./table-model.ts";
