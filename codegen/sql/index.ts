import { ContractError, type GeneratedLayer } from "../emit/index.ts";
import { columnHistory } from "./column-history.ts";
import { demandSameSchema } from "./compare-schemas.ts";
import { migrationsFile } from "./migrations-file.ts";
import { modelFile } from "./model-file.ts";
import { type MigrationSource, parseMigrations, replayMigrations } from "./parse-migrations.ts";
import { parseSql, type SqlStatement } from "./parse-sql.ts";
import { applyChange, type SqlSchema } from "./replay.ts";
import { firstMigration, migrationFile, ownModelFile } from "./scaffold-files.ts";

export type { MigrationSource } from "./parse-migrations.ts";

/** A `.sql` contract to generate from, with its history. */
export interface GenerateModelOptions {
  readonly source: string;
  /** File name as errors and headers say it, e.g. `pay.sql`. */
  readonly fileName: string;
  /** Owner of the tables, e.g. `pay`. */
  readonly name: string;
  /** Empty: the contract's own tables become the first migration. */
  readonly migrations: readonly MigrationSource[];
  /** Whether the models can be cached, goctl's `-c`. */
  readonly cache: boolean;
}

/**
 * The model layer of a `.sql` contract: `gen/<table>-model.ts` of each table, `gen/migrations.ts`, and
 * a scaffold of each table's hand-written model.
 *
 * @throws ContractError where a file is malformed, uses what is not supported, or where the migrations
 *   do not lead to the contract's tables.
 */
export function generateModel(options: GenerateModelOptions): GeneratedLayer {
  const statements = parseSql(options.source, options.fileName);
  const contract = contractSchema(statements, options.fileName);
  const first = options.migrations.length === 0 ? [firstMigration(statements)] : [];
  const migrations = parseMigrations([...options.migrations, ...first]);
  demandSameSchema(contract, replayMigrations(migrations), options.fileName);
  const tables = [...contract.values()];
  const history = options.cache ? columnHistory(migrations) : undefined;
  return {
    generated: [
      ...tables.map((table) => modelFile(table, options.fileName, history?.get(table.name))),
      migrationsFile(migrations, options.name),
    ],
    scaffolds: [
      ...first.map(migrationFile),
      ...tables.map((table) => ownModelFile(table.name, options.cache)),
    ],
  };
}

function contractSchema(statements: readonly SqlStatement[], fileName: string): SqlSchema {
  let schema: SqlSchema = new Map();
  for (const change of statements.flatMap((statement) => statement.changes)) {
    if (change.kind !== "create") {
      throw new ContractError(
        fileName,
        change.position,
        "only CREATE TABLE is expected here; changes are migrations",
      );
    }
    schema = applyChange(schema, change, fileName);
  }
  if (schema.size === 0) throw new ContractError(fileName, { line: 1, column: 1 }, "expected CREATE TABLE");
  return schema;
}
