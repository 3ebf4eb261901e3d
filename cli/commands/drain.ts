import { AppError } from "@mall/kit/errors";
import { jobsMigrations } from "@mall/kit/jobs";
import { systemRuntime } from "@mall/kit/runtime";
import { sagaMigrations } from "@mall/kit/saga";
import { assertSchemaCurrent, type Database, openDatabase } from "@mall/kit/store";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { parseDuration } from "../operator/duration.ts";
import { type OpenWork, openWorkText, readOpenWork, whatStays } from "../operator/open-work.ts";

const EXAMPLES = `
Before a process of this mall is replaced by one in Go: what it has begun, and has to end itself, is waited for.
The processes go on meanwhile, as they are what ends it. They also go on to take new work, which no command refuses, so
take that away first: swap the apis back, or stop them. What begins while this waits is told. With --quiet it is also
waited for that nothing has begun for so long. Where calls go on to come, look once more when the process has ended: what
is open then ends only if it is started again. Each database is drained by itself.

Exit code 0: nothing is left. 1: something is, after --timeout, or something began too late for --quiet.

Examples:
  mall drain -f services/order/rpc/etc/order.yaml --quiet 10s
  mall drain --data-source 'root:123456@tcp(mysql:3306)/mall?parseTime=true' --timeout 1h
  mall drain --data ./data --timeout 1s || echo not yet`;

const TIMEOUT_SECONDS = 600;
const LOOK_MS = 500;
/** Without a change a line comes so often. */
const LINE_MS = 10_000;

interface DrainFlags extends DataSourceFlags {
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly quiet: number;
}

/** `mall drain`: waits until no job and no saga is left open. */
export function addDrainCommand(program: Command): void {
  const command = program
    .command("drain")
    .description("wait until no job and no saga is left open, before going back to Go")
    .option("--timeout <duration>", "how long to wait, e.g. 90s, 15m", parseDuration, TIMEOUT_SECONDS)
    .option("--quiet <duration>", "and until nothing has begun for so long, e.g. 10s", parseDuration, 0)
    .addHelpText("after", EXAMPLES);
  addDataSourceOptions(command).action(drain);
}

async function drain({ timeout, quiet, ...flags }: DrainFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [jobsMigrations, sagaMigrations]) await assertSchemaCurrent(database, set);
    const begun = await untilNothingIsOpen(database, timeout * 1000, quiet * 1000);
    if (begun > 0) process.stdout.write(`note: ${begunText(begun)}\n`);
    for (const line of await whatStays(database)) process.stdout.write(`note: ${line}\n`);
    process.stdout.write("drained: no job and no saga is open\n");
  } finally {
    await database.close();
  }
}

/** Resolves with how many jobs have begun meanwhile. */
async function untilNothingIsOpen(database: Database, timeoutMs: number, quietMs: number): Promise<number> {
  const until = systemRuntime.now() + timeoutMs;
  const { newest: atFirst } = await readOpenWork(database);
  let newest = atFirst;
  let begunAt = systemRuntime.now();
  let said = "";
  let saidAt = 0;
  for (;;) {
    const open = await readOpenWork(database);
    const now = systemRuntime.now();
    if (open.newest !== newest) begunAt = now;
    newest = open.newest;
    const isQuiet = now - begunAt >= quietMs;
    const text = openWorkText(open);
    if (text === undefined && isQuiet) return newest - atFirst;
    if (now >= until) throw notDrained(text, newest - atFirst);
    const line = text === undefined ? "nothing; it is not quiet yet" : `${text}${nextText(open, now)}`;
    if ((text ?? line) !== said || now - saidAt >= LINE_MS) {
      process.stdout.write(`open: ${line}\n`);
      said = text ?? line;
      saidAt = now;
    }
    await new Promise<void>((resolve) => systemRuntime.setTimer(resolve, Math.min(LOOK_MS, until - now)));
  }
}

/** Numbers of jobs may have gaps, so it says no more than that some have begun. */
function begunText(begun: number): string {
  const jobs = begun === 1 ? "a job has" : `up to ${begun} jobs have`;
  return `${jobs} begun meanwhile, and more may: stop those who call, or look again when the process has ended`;
}

function nextText({ jobs, dueAt }: OpenWork, now: number): string {
  const hasDead = jobs.some(({ dead }) => dead);
  if (hasDead) return "; dead ones wait for you: mall jobs list --state dead";
  return dueAt !== undefined && dueAt > now ? `; next in ${Math.ceil((dueAt - now) / 1000)} s` : "";
}

function notDrained(text: string | undefined, begun: number): AppError {
  const message =
    text === undefined
      ? `not drained: nothing is left, but ${begun > 0 ? begunText(begun) : "it was not waited for as long as --quiet says"}`
      : `not drained: ${text} are left: let the processes run on and drain again, or see mall jobs list`;
  return new AppError("FAILED_PRECONDITION", "NOT_DRAINED", message);
}
