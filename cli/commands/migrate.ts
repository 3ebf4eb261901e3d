import { loadConfig, mysqlConfig } from "@mall/kit/config";
import { systemRuntime } from "@mall/kit/context";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import type { Command } from "commander";
import { z } from "zod";
import { MIGRATIONS } from "../processes.ts";

const databaseConfig = z.object({ Mysql: mysqlConfig });

/** `mall migrate`: brings the tables of all services to this version. */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description(
      "bring the tables of all services to this version; a database of the Go original is taken over",
    )
    .option("-f, --file <file>", "take Mysql.DataSource from this configuration file")
    .option("--data-source <dsn>", "go-sql-driver DSN, or sqlite:PATH")
    .action(migrate);
}

async function migrate(flags: { file?: string; dataSource?: string }): Promise<void> {
  const dataSource =
    flags.dataSource ??
    loadConfig(flags.file ?? "services/pay/rpc/etc/pay.yaml", databaseConfig).Mysql.DataSource;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  try {
    for (const set of MIGRATIONS) {
      const done = await migrateToLatest(database, set);
      process.stdout.write(
        `${set.owner}: ${done.length === 0 ? "up to date" : `applied ${done.join(", ")}`}\n`,
      );
    }
  } finally {
    await database.close();
  }
}
