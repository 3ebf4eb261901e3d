import { existsSync } from "node:fs";
import { loadConfig, secret } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { parseDataSource } from "@mall/kit/store";
import { type Command, Option } from "commander";
import { z } from "zod";
import { databasePathIn } from "../all-in-one/data-dir.ts";
import { DEFAULT_DATA_DIR, dataFolderOption } from "./data-folder.ts";

/** Where the command line says that the database of a mall is; at most one of the three. */
export interface DataSourceFlags {
  readonly data?: string;
  readonly file?: string;
  readonly dataSource?: string;
}

/** The part of an rpc's or an all-in-one's configuration that leads to the database. */
const databaseConfig = z.object({
  Mysql: z.object({ DataSource: secret(z.string().default("")) }).prefault({}),
  DataDir: z.string().min(1).optional(),
});

/** Adds the three ways to name the database; they exclude each other. */
export function addDataSourceOptions(command: Command): Command {
  return command
    .addOption(dataFolderOption("file", "dataSource"))
    .addOption(
      new Option(
        "-f, --file <file>",
        "configuration (YAML) of an rpc or an all-in-one: its Mysql.DataSource",
      ).conflicts("dataSource"),
    )
    .addOption(new Option("--data-source <dsn>", "go-sql-driver DSN, or sqlite:PATH"));
}

/**
 * The data source that was named, else the one in the default data folder. A SQLite file must be there
 * already, since a command that changes a row has nothing to do in a new one.
 *
 * @throws AppError FAILED_PRECONDITION with one line that says what to do.
 */
export function findDataSource(flags: DataSourceFlags): string {
  const dataSource =
    flags.dataSource ?? (flags.file === undefined ? inFolder(flags.data) : inConfig(flags.file));
  const source = parseDataSource(dataSource);
  if (source.dialect === "mysql" || existsSync(source.path)) return dataSource;
  throw new AppError(
    "FAILED_PRECONDITION",
    "DATABASE_MISSING",
    `there is no database ${source.path}: name the mall's with --data FOLDER, -f FILE or --data-source DSN`,
  );
}

function inFolder(dataDir = DEFAULT_DATA_DIR): string {
  return `sqlite:${databasePathIn(dataDir)}`;
}

function inConfig(file: string): string {
  const { Mysql, DataDir } = loadConfig(file, databaseConfig);
  return Mysql.DataSource === "" ? inFolder(DataDir) : Mysql.DataSource;
}
