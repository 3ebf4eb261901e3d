import { auditMigrations } from "@mall/kit/audit";
import { AppError } from "@mall/kit/errors";
import { createJobDesk, JOB_STATE, type JobDesk, jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { assertSchemaCurrent, openDatabase } from "@mall/kit/store";
import { type Command, InvalidArgumentError, Option } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { describeJob, jobLines } from "../operator/job-text.ts";
import { operator } from "../operator/operator.ts";
import { idParser } from "../operator/parse-id.ts";
import { print } from "../operator/print.ts";

const parseId = idParser("the number of a job, as mall jobs list shows it");

const EXAMPLES = `
A job is what must follow a change that was stored, such as telling the order that it was paid. It is tried
again until it succeeds; one that has failed for three days (Jobs.Horizon) is dead and waits for you.

Examples:
  mall jobs list
  mall jobs list --state done --kind pay.order-paid --limit 10
  mall jobs show 42
  mall jobs retry 42 43
  mall jobs retry --dead --queue pay
  mall jobs cancel 42 -f services/pay/rpc/etc/pay.yaml`;

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 1000;

type StateName = keyof typeof JOB_STATE;

interface ChooseFlags extends DataSourceFlags {
  readonly queue?: string;
  readonly kind?: string;
}

interface ListFlags extends ChooseFlags {
  readonly state?: StateName;
  readonly limit: number;
  readonly before?: number;
}

interface RetryFlags extends ChooseFlags {
  readonly dead?: boolean;
}

/** `mall jobs`: what waits to be done, what was given up, and what to do about it. */
export function addJobsCommand(program: Command): void {
  const command = program
    .command("jobs")
    .description("list durable jobs, show, retry or cancel one")
    .addHelpText("after", EXAMPLES);
  const list = command
    .command("list")
    .description("list jobs that wait or are dead, the newest first")
    .addOption(new Option("--state <state>", "only these").choices(Object.keys(JOB_STATE)))
    .option("--limit <number>", `at most so many, up to ${LIMIT_MAX}`, parseLimit, LIMIT_DEFAULT)
    .option("--before <id>", "only jobs with a smaller id, for the next page", parseId);
  addDataSourceOptions(addChoiceOptions(list)).action(listJobs);
  const show = command
    .command("show")
    .description("show all of a job, its payload too")
    .argument("<id>", "id of the job", parseId);
  addDataSourceOptions(show).action((id: number, flags: DataSourceFlags) => showJob(id, flags));
  const retry = command
    .command("retry")
    .description("make jobs due now, as if they had never failed")
    .argument("[ids...]", "ids of jobs", collectId)
    .option("--dead", "all that are dead");
  addDataSourceOptions(addChoiceOptions(retry)).action(retryJobs);
  const cancel = command
    .command("cancel")
    .description("give jobs up for good; what they should have done is then yours to do")
    .argument("<ids...>", "ids of jobs", collectId);
  addDataSourceOptions(cancel).action(cancelJobs);
}

function addChoiceOptions(command: Command): Command {
  return command
    .option("--queue <queue>", "only jobs of this service, e.g. pay")
    .option(
      "--kind <kind>",
      "only jobs of this kind, e.g. pay.order-paid; pay.refund is of all accounts, pay.refund@alipay of one",
    );
}

async function listJobs({ queue, kind, state, limit, before, ...flags }: ListFlags): Promise<void> {
  await withDesk("mall jobs list", flags, async (desk) => {
    const states = state === undefined ? [JOB_STATE.waiting, JOB_STATE.dead] : [JOB_STATE[state]];
    const jobs = await desk.list({ queue, kind, states, limit, before });
    if (jobs.length === 0) process.stderr.write("no such job\n");
    else process.stdout.write(`${jobLines(jobs, systemRuntime.now()).join("\n")}\n`);
  });
}

async function showJob(id: number, flags: DataSourceFlags): Promise<void> {
  await withDesk("mall jobs show", flags, async (desk) => {
    process.stdout.write(`${describeJob(await desk.find(id), systemRuntime.now()).join("\n")}\n`);
  });
}

async function retryJobs(ids: readonly number[], flags: RetryFlags): Promise<void> {
  const { queue, kind, dead = false } = flags;
  if (ids.length > 0 === dead) throw new InvalidArgumentError("say which jobs: their ids, or --dead");
  if (!dead && (queue ?? kind) !== undefined)
    throw new InvalidArgumentError("--queue and --kind go with --dead");
  await withDesk("mall jobs retry", flags, async (desk) => {
    if (!dead) return changeEach(ids, "is due now", (id) => desk.retry(id));
    // Page by page towards the oldest, so that one that dies again meanwhile is not met again.
    let before: number | undefined;
    do {
      const jobs = await desk.list({ queue, kind, states: [JOB_STATE.dead], limit: LIMIT_MAX, before });
      before = jobs.at(-1)?.id;
      await changeEach(
        jobs.map(({ id }) => id),
        "is due now",
        (id) => desk.retry(id),
      );
    } while (before !== undefined);
  });
}

async function cancelJobs(ids: readonly number[], flags: DataSourceFlags): Promise<void> {
  await withDesk("mall jobs cancel", flags, (desk) =>
    changeEach(ids, "is cancelled", (id) => desk.cancel(id)),
  );
}

/** Says of each job what became of it; one that could not be changed does not keep the others from it. */
async function changeEach(
  ids: readonly number[],
  done: string,
  change: (id: number) => Promise<void>,
): Promise<void> {
  for (const id of ids) {
    try {
      await change(id);
      await print([`job ${id} ${done}`]);
    } catch (error) {
      if (!(error instanceof AppError) || !error.reason.startsWith("JOB_")) throw error;
      process.stderr.write(`mall: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
}

async function withDesk(
  command: string,
  flags: DataSourceFlags,
  work: (desk: JobDesk) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [jobsMigrations, auditMigrations]) await assertSchemaCurrent(database, set);
    await work(createJobDesk(database, operator(command)));
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
