import { auditMigrations } from "@mall/kit/audit";
import { jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { payMigrations } from "@mall/pay/model/migrations";
import { createTimeline } from "@mall/pay/timeline";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { idParser } from "../operator/parse-id.ts";
import { timelineJson, timelineLines } from "../operator/timeline-text.ts";

const parseId = idParser("the number of a payment");

const EXAMPLES = `
Everything that the pay service's database knows of one payment, in the order in which it happened: its attempts, what
channels said, jobs, refunds, entries of the books, and what staff and operators did. Staff see the same by
POST /api/pay/timeline.

Examples:
  mall payment show 17
  mall payment show 17 --json | jq 'select(.kind == "notification")'`;

interface ShowFlags extends DataSourceFlags {
  readonly json?: true;
}

/** `mall payment`: what became of one payment. */
export function addPaymentCommand(program: Command): void {
  const command = program
    .command("payment")
    .description("show everything that happened to one payment")
    .addHelpText("after", EXAMPLES);
  const show = command
    .command("show")
    .description("show what happened to a payment, the oldest first")
    .argument("<id>", "id of the payment", parseId)
    .option("--json", "a JSON object on each line");
  addDataSourceOptions(show).action(showPayment);
}

async function showPayment(id: number, { json, ...flags }: ShowFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [payMigrations, jobsMigrations, auditMigrations])
      await assertSchemaCurrent(database, set);
    const record = await createTimeline(database).read(id);
    if (record === undefined) {
      process.stderr.write(`mall: there is no payment ${id}\n`);
      process.exitCode = 1;
      return;
    }
    const lines = json === true ? timelineJson(record) : timelineLines(record);
    process.stdout.write(`${lines.join("\n")}\n`);
  } finally {
    await database.close();
  }
}
