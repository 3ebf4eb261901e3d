import { ContractError, type GeneratedLayer, Problems } from "../emit/index.ts";
import { mayBeCached } from "./cache-lines.ts";
import { columnHistory } from "./column-history.ts";
import { demandSameSchema } from "./compare-schemas.ts";
import { migrationsFile } from "./migrations-file.ts";
import { modelFile } from "./model-file.ts";
import { type MigrationSource, parseMigrations, replayMigrations } from "./parse-migrations.ts";
import { type ParseSqlOptions, parseSql, type SqlStatement } from "./parse-sql.ts";
import { applyChange, type SqlSchema } from "./replay.ts";
import { firstMigration, migrationFile, ownModelFile } from "./scaffold-files.ts";
import { managedRole, mayBeLeftOut, type SqlTable } from "./table.ts";

export { modelNames } from "./model-names.ts";
export type { MigrationSource } from "./parse-migrations.ts";
export type { SqlTable } from "./table.ts";

/** One file of a `.sql` contract. */
interface SqlSource {
  readonly source: string;
  /** File name as errors and headers say it, e.g. `pay.sql`. */
  readonly fileName: string;
}

/** A `.sql` contract to generate from, with its history. */
export interface GenerateModelOptions extends SqlSource {
  /** The files beside it, each with further tables of the same owner. */
  readonly others?: readonly SqlSource[];
  /** Owner of the tables, e.g. `pay`. */
  readonly name: string;
  /** Empty: the contract's own tables become the first migration. */
  readonly migrations: readonly MigrationSource[];
  /** Whether the models can be cached, goctl's `-c`. */
  readonly cache: boolean;
  /** What keys of rows in Redis start with, goctl's `-p`; `cache` by default. */
  readonly cachePrefix?: string;
  /** The columns that inserts and updates leave out, goctl's `-i`; its six names of times by default. */
  readonly ignoreColumns?: readonly string[];
}

/**
 * The model layer of a `.sql` contract: `gen/<table>-model.ts` of each table, `gen/migrations.ts`, and
 * a scaffold of each table's hand-written model.
 *
 * @throws ContractError where a file is malformed, uses what is not supported, or where the migrations
 *   do not lead to the contract's tables.
 */
export function generateModel(options: GenerateModelOptions): GeneratedLayer {
  const reading = options.ignoreColumns && { leftOut: new Set(options.ignoreColumns) };
  const contract = readContract([options, ...(options.others ?? [])], reading);
  const first = options.migrations.length === 0 ? [firstMigration(contract.statements)] : [];
  const migrations = parseMigrations([...options.migrations, ...first], reading);
  const fileOf = (table: string): string => contract.files.get(table) ?? options.fileName;
  const schemas = replayMigrations(migrations);
  demandSameSchema(contract.schema, schemas.at(-1) ?? new Map(), fileOf);
  const tables = [...contract.schema.values()];
  for (const table of tables) demandDefaults(table, fileOf(table.name));
  const columns = options.cache ? columnHistory(schemas) : undefined;
  const prefix = options.cachePrefix ?? "cache";
  return {
    generated: [
      ...tables.map((table) => {
        const history = columns?.get(table.name);
        return modelFile(table, fileOf(table.name), history && { history, prefix });
      }),
      migrationsFile(migrations, options.name),
    ],
    scaffolds: [
      ...first.map(migrationFile),
      ...tables.map((table) => ownModelFile(table.name, options.cache && mayBeCached(table))),
    ],
  };
}

/**
 * The tables of a `.sql` contract.
 *
 * @throws ContractError as generateModel
 */
export function readTables(source: SqlSource): SqlTable[] {
  return [...readContract([source]).schema.values()];
}

interface Contract {
  readonly statements: readonly SqlStatement[];
  readonly schema: SqlSchema;
  /** The file that each table stands in. */
  readonly files: ReadonlyMap<string, string>;
}

function readContract(
  sources: readonly SqlSource[],
  reading: Pick<ParseSqlOptions, "leftOut"> = {},
): Contract {
  const statements: SqlStatement[] = [];
  const files = new Map<string, string>();
  const schema = new Map<string, SqlTable>();
  const problems = new Problems();
  for (const { source, fileName } of sources) {
    problems.attempt(() => {
      const own = parseSql(source, fileName, { ...reading, dump: true });
      addTables(schema, own, fileName);
      for (const table of schema.keys()) if (!files.has(table)) files.set(table, fileName);
      statements.push(...own);
    });
  }
  problems.throwAny();
  return { statements, schema, files };
}

/** What nobody says needs a value of its own. */
function demandDefaults({ columns }: SqlTable, fileName: string): void {
  for (const column of columns) {
    if (!column.leftOut || managedRole(column) !== undefined || mayBeLeftOut(column)) continue;
    const detail = `column ${column.name}, which -i leaves out of inserts, needs NULL or a DEFAULT`;
    throw new ContractError(fileName, column.position, detail);
  }
}

function addTables(
  schema: Map<string, SqlTable>,
  statements: readonly SqlStatement[],
  fileName: string,
): void {
  const before = schema.size;
  for (const change of statements.flatMap((statement) => statement.changes)) {
    // Dumps may write keys beside their tables; what changes a table later is a migration.
    if (change.kind !== "create" && change.kind !== "add-key") {
      throw new ContractError(
        fileName,
        change.position,
        "only CREATE TABLE and its keys are expected here; changes are migrations",
      );
    }
    applyChange(schema, change, fileName);
  }
  if (schema.size === before)
    throw new ContractError(fileName, { line: 1, column: 1 }, "expected CREATE TABLE");
}
