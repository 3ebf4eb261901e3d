import type { Command } from "commander";
import { ignoreGoFlags } from "./go-flags.ts";
import { addLayerCommand } from "./layer-command.ts";
import { type Output, tellPaths } from "./output.ts";

const CACHE = "models that read through Redis as goctl's do, if they are given a cache";
/** As Go's flags of several values: with commas, or said more than once. */
export const IGNORED_COLUMNS = [
  "-i, --ignore-columns <names>",
  "columns that inserts and updates leave out; create_time, created_at and goctl's other names of times by default",
  (names: string, before: readonly string[] = []): readonly string[] => [...before, ...names.split(",")],
] as const;
export const CACHE_PREFIX = [
  "-p, --prefix <text>",
  "what the keys of rows in Redis start with",
  "cache",
] as const;

/** `mallctl model mysql …` */
export function addModelCommands(program: Command, output: Output): void {
  const mysql = program
    .command("model")
    .description("the model layer, from SQL")
    .command("mysql")
    .description("from MySQL");
  addLayerCommand(
    mysql
      .command("ddl")
      .description(
        'gen/*-model.ts and gen/migrations.ts from CREATE TABLE, of one file or of all that match "*.sql"',
      ),
    {
      layer: "model",
      flag: "-s, --src <file>",
      example: "mallctl model mysql ddl -src ./model/pay.sql -dir ./model -c",
      ignored: ["--database <name>"],
      output,
    },
  )
    .option("-c, --cache", CACHE)
    .option(...CACHE_PREFIX)
    .option(...IGNORED_COLUMNS);
  addDatasourceCommand(mysql, output);
}

interface DatasourceFlags {
  readonly url: string;
  readonly table: readonly string[];
  readonly dir: string;
  readonly cache: boolean;
  readonly prefix: string;
  readonly ignoreColumns?: readonly string[];
}

function addDatasourceCommand(mysql: Command, output: Output): void {
  ignoreGoFlags(mysql.command("datasource"))
    .description("the .sql contract of tables that a server has, and the model from it")
    .requiredOption("--url <dsn>", "user:password@tcp(host:port)/database")
    .option("-t, --table <name...>", "tables, by name or with *; all by default", ["*"])
    .requiredOption("-d, --dir <folder>", "the layer's folder")
    .option("-c, --cache", CACHE, false)
    .option(...CACHE_PREFIX)
    .option(...IGNORED_COLUMNS)
    .action(async ({ url, table, dir, cache, prefix: cachePrefix, ignoreColumns }: DatasourceFlags) => {
      // The driver is loaded by who asks a server only.
      const { readDatabase } = await import("./datasource.ts");
      const { runLayerCommand } = await import("./run-layer-command.ts");
      const contract = await readDatabase({ url, tables: table, dir });
      const of = { contract, dir, cache, cachePrefix, ...(ignoreColumns !== undefined && { ignoreColumns }) };
      const written = await runLayerCommand({ layer: "model", scaffold: true, ...of });
      tellPaths(output, [contract, ...written]);
    });
}
