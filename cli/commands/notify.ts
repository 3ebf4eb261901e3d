import { auditMigrations } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import { jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { payMigrations } from "@mall/pay/model/migrations";
import { createNotifyDesk, NOTIFY_STATE, type NotifyDesk } from "@mall/pay/notify-desk";
import { type Command, InvalidArgumentError, Option } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { describeNotify, notifyLines } from "../operator/notify-text.ts";
import { operator } from "../operator/operator.ts";
import { idParser } from "../operator/parse-id.ts";
import { print } from "../operator/print.ts";

const parseId = idParser("the number of a notification, as mall notify list shows it");

const EXAMPLES = `
A payment channel's notification is verified, stored as it came, acknowledged, and acted on by a job. What was
ignored is about nothing of ours. Replaying is harmless: what is known already changes nothing.

Examples:
  mall notify list
  mall notify list --state ignored --channel sandbox
  mall notify list --subject P17N1X5c2a61ff09
  mall notify show 42
  mall notify replay 42 43`;

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 1000;

type StateName = keyof typeof NOTIFY_STATE;

interface ListFlags extends DataSourceFlags {
  readonly state?: StateName;
  readonly channel?: string;
  readonly subject?: string;
  readonly limit: number;
  readonly before?: number;
}

/** `mall notify`: what payment channels said, and having it acted on again. */
export function addNotifyCommand(program: Command): void {
  const command = program
    .command("notify")
    .description("list what payment channels said, show or replay one")
    .addHelpText("after", EXAMPLES);
  const list = command
    .command("list")
    .description("list notifications, the newest first")
    .addOption(new Option("--state <state>", "only these").choices(Object.keys(NOTIFY_STATE)))
    .option("--channel <name>", "only of this channel, e.g. sandbox")
    .option("--subject <number>", "only about this trade or refund")
    .option("--limit <number>", `at most so many, up to ${LIMIT_MAX}`, parseLimit, LIMIT_DEFAULT)
    .option("--before <id>", "only notifications with a smaller id, for the next page", parseId);
  addDataSourceOptions(list).action(listNotifies);
  const show = command
    .command("show")
    .description("show all of a notification: headers and body as they came")
    .argument("<id>", "id of the notification", parseId);
  addDataSourceOptions(show).action(showNotify);
  const replay = command
    .command("replay")
    .description("have notifications acted on again")
    .argument("<ids...>", "ids of notifications", collectId);
  addDataSourceOptions(replay).action(replayNotifies);
}

async function listNotifies({ state, channel, subject, limit, before, ...flags }: ListFlags): Promise<void> {
  await withDesk("mall notify list", flags, async (desk) => {
    const number = state === undefined ? undefined : NOTIFY_STATE[state];
    const rows = await desk.list({ state: number, channel, subject, limit, before });
    if (rows.length === 0) process.stderr.write("no such notification\n");
    else await print(notifyLines(rows));
  });
}

async function showNotify(id: number, flags: DataSourceFlags): Promise<void> {
  await withDesk("mall notify show", flags, async (desk) => print(describeNotify(await desk.find(id))));
}

/** One that is not there does not keep the others from it. */
async function replayNotifies(ids: readonly number[], flags: DataSourceFlags): Promise<void> {
  await withDesk("mall notify replay", flags, async (desk) => {
    for (const id of ids) {
      try {
        await desk.replay(id);
        await print([`notification ${id} is acted on again`]);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "NOT_FOUND") throw error;
        process.stderr.write(`mall: ${error.message}\n`);
        process.exitCode = 1;
      }
    }
  });
}

async function withDesk(
  command: string,
  flags: DataSourceFlags,
  work: (desk: NotifyDesk) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [payMigrations, jobsMigrations, auditMigrations])
      await assertSchemaCurrent(database, set);
    await work(createNotifyDesk(database, operator(command)));
  } finally {
    await database.close();
  }
}

function collectId(text: string, before: readonly number[] = []): number[] {
  return [...before, parseId(text)];
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`It must be a number from 1 to ${LIMIT_MAX}.`);
}
