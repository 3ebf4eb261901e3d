export { type DataSource, parseDataSource } from "./data-source.ts";
export type {
  AnyTables,
  Database,
  Dialect,
  RawRow,
  SqlValue,
  Statement,
  StatementRunner,
  Transaction,
  WriteResult,
} from "./database.ts";
export { assertSchemaCurrent, migrateToLatest } from "./migrate.ts";
export { type OpenDatabaseOptions, openDatabase } from "./open-database.ts";
export { DuplicateKeyError } from "./store-errors.ts";
export type {
  ColumnDefinition,
  ColumnType,
  MigrationDefinition,
  MigrationSet,
  TableDefinition,
} from "./table.ts";
export {
  type ChangeOptions,
  createTableModel,
  type SelectOf,
  type TableModel,
  type UpdateOf,
} from "./table-model.ts";
