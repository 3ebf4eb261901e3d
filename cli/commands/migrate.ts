import { auditMigrations, createAudit } from "@mall/kit/audit";
import { loadConfig, mysqlConfig } from "@mall/kit/config";
import { AppError } from "@mall/kit/errors";
import { systemRuntime } from "@mall/kit/runtime";
import {
  convertForms,
  type Database,
  findOutdatedForms,
  migrateToLatest,
  openDatabase,
  pendingMigrations,
} from "@mall/kit/store";
import {
  findDoublePayments,
  mergeDoublePayments,
  type RecordAct,
  undoMerge,
} from "@mall/pay/model/double-payments";
import { type Command, Option } from "commander";
import { z } from "zod";
import { GO_TABLES, MIGRATIONS } from "../migrations.ts";
import { foreignStateLines } from "../operator/foreign-states.ts";
import { doubleLines, formText } from "../operator/migrate-text.ts";
import { operator } from "../operator/operator.ts";

const databaseConfig = z.object({ Mysql: mysqlConfig });

const HELP = `
A database that a Go mall filled may hold several payments of one order; here an order has one. --plan shows each of
them, and all else that would be done. --merge-payments keeps the one that was paid, else the first, and moves the others to the
table pay_merged; --undo-merge puts them back, for a Go mall.

Rows whose status means something else here, or nothing, are counted and stay as they are: a Go mall takes any number,
and here a product can be ordered with status 0 alone.

Tables of MyISAM, or in another character set than utf8mb4, are converted. The server copies such a table: reads go on,
and writes to it wait until it is done. No other step copies a table, or keeps anybody waiting for longer than it takes
to add a column; the unique key on pay.oid is added while the table is in use.

Examples:
  mall migrate -f services/pay/rpc/etc/pay.yaml --plan
  mall migrate -f services/pay/rpc/etc/pay.yaml --merge-payments`;

interface MigrateFlags {
  readonly file?: string;
  readonly dataSource?: string;
  readonly plan?: true;
  readonly mergePayments?: true;
  readonly undoMerge?: true;
}

/** `mall migrate`: brings the tables of all services to this version. */
export function addMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description(
      "bring the tables of all services to this version; a database of the Go original is taken over",
    )
    .option("-f, --file <file>", "take Mysql.DataSource from this configuration file")
    .option("--data-source <dsn>", "go-sql-driver DSN, or sqlite:PATH")
    .option("--plan", "show what would be done, and change nothing")
    .addOption(
      new Option(
        "--merge-payments",
        "keep one payment for each order, and the others in pay_merged",
      ).conflicts("plan"),
    )
    .addOption(
      new Option("--undo-merge", "put the payments of pay_merged back, and change nothing else").conflicts([
        "plan",
        "mergePayments",
      ]),
    )
    .addHelpText("after", HELP)
    .action(migrate);
}

async function migrate(flags: MigrateFlags): Promise<void> {
  const dataSource =
    flags.dataSource ??
    loadConfig(flags.file ?? "services/pay/rpc/etc/pay.yaml", databaseConfig).Mysql.DataSource;
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  try {
    if (flags.plan === true) await showPlan(database);
    else if (flags.undoMerge === true) await undo(database);
    else await migrateAll(database, flags.mergePayments === true);
  } finally {
    await database.close();
  }
}

async function showPlan(database: Database): Promise<void> {
  for (const form of await findOutdatedForms(database, GO_TABLES)) say(formText(form));
  for (const line of await foreignStateLines(database)) say(line);
  for (const double of await findDoublePayments(database)) {
    for (const line of doubleLines(double)) say(line);
  }
  for (const set of MIGRATIONS) {
    const names = await pendingMigrations(database, set);
    say(`${set.owner}: ${names.length === 0 ? "up to date" : `would apply ${names.join(", ")}`}`);
  }
}

async function migrateAll(database: Database, merges: boolean): Promise<void> {
  if (!merges) await refuseDoublePayments(database);
  for (const line of await foreignStateLines(database)) say(line);
  // Only InnoDB's transactions keep a merge whole.
  const forms = await findOutdatedForms(database, GO_TABLES);
  await convertForms(database, forms, ({ table }) => say(`${table}: converted to InnoDB and utf8mb4`));
  if (merges) {
    const record = await recorderOf(database, "mall migrate --merge-payments");
    await mergeDoublePayments(database, record, (double) => {
      for (const line of doubleLines(double)) say(line);
    });
  }
  for (const set of MIGRATIONS) {
    const done = await migrateToLatest(database, set);
    say(`${set.owner}: ${done.length === 0 ? "up to date" : `applied ${done.join(", ")}`}`);
  }
}

/** Before anything is changed. */
async function refuseDoublePayments(database: Database): Promise<void> {
  const doubles = await findDoublePayments(database);
  if (doubles.length === 0) return;
  const orders = doubles.length === 1 ? "1 order has" : `${doubles.length} orders have`;
  const text =
    `${orders} more than one payment, and nothing was changed: see them with \`mall migrate --plan\`, ` +
    "then keep one of each with `mall migrate --merge-payments`";
  throw new AppError("FAILED_PRECONDITION", "DOUBLE_PAYMENTS", text);
}

async function undo(database: Database): Promise<void> {
  const count = await undoMerge(database, await recorderOf(database, "mall migrate --undo-merge"));
  say(`pay: ${count} payments are back from pay_merged`);
}

/** Writes down whose doing it is, in a table that has to be there before all others. */
async function recorderOf(database: Database, command: string): Promise<RecordAct> {
  await migrateToLatest(database, auditMigrations);
  const audit = createAudit(database, "pay");
  const { call } = operator(command);
  return (tx, act, work) => audit.record(tx, call, { ...act, operation: command }, work);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
