import { systemRuntime } from "@mall/kit/context";
import { AppError } from "@mall/kit/errors";
import { jobsMigrations } from "@mall/kit/jobs";
import { sagaMigrations } from "@mall/kit/saga";
import { assertSchemaCurrent, type Database, openDatabase } from "@mall/kit/store";
import type { Command } from "commander";
import { addDataSourceOptions, type DataSourceFlags, findDataSource } from "../operator/data-source.ts";
import { parseDuration } from "../operator/duration.ts";
import { type OpenWork, openWorkText, readOpenWork, whatStays } from "../operator/open-work.ts";

const EXAMPLES = `
Before a process of this mall is replaced by one in Go: what it has begun, and has to end itself, is waited for.
The processes go on meanwhile, as they are what ends it. They also go on to take new work, so take that away first:
swap the apis back, or stop them. Each database is drained by itself.

Exit code 0: nothing is left. 1: something is, after --timeout.

Examples:
  mall drain -f services/order/rpc/etc/order.yaml
  mall drain --data-source 'root:123456@tcp(mysql:3306)/mall?parseTime=true' --timeout 1h
  mall drain --data ./data --timeout 1s || echo not yet`;

const TIMEOUT_SECONDS = 600;
const LOOK_MS = 500;
/** Without a change a line comes so often. */
const LINE_MS = 10_000;

interface DrainFlags extends DataSourceFlags {
  /** Seconds. */
  readonly timeout: number;
}

/** `mall drain`: waits until no job and no saga is left open. */
export function addDrainCommand(program: Command): void {
  const command = program
    .command("drain")
    .description("wait until no job and no saga is left open, before going back to Go")
    .option("--timeout <duration>", "how long to wait, e.g. 90s, 15m", parseDuration, TIMEOUT_SECONDS)
    .addHelpText("after", EXAMPLES);
  addDataSourceOptions(command).action(drain);
}

async function drain({ timeout, ...flags }: DrainFlags): Promise<void> {
  const database = await openDatabase({ dataSource: findDataSource(flags), runtime: systemRuntime });
  try {
    for (const set of [jobsMigrations, sagaMigrations]) await assertSchemaCurrent(database, set);
    await untilNothingIsOpen(database, timeout * 1000);
    for (const line of await whatStays(database)) process.stdout.write(`note: ${line}\n`);
    process.stdout.write("drained: no job and no saga is open\n");
  } finally {
    await database.close();
  }
}

async function untilNothingIsOpen(database: Database, timeoutMs: number): Promise<void> {
  const until = systemRuntime.now() + timeoutMs;
  let said = "";
  let saidAt = 0;
  for (;;) {
    const open = await readOpenWork(database);
    const text = openWorkText(open);
    if (text === undefined) return;
    const now = systemRuntime.now();
    if (now >= until) throw notDrained(text);
    if (text !== said || now - saidAt >= LINE_MS) {
      process.stdout.write(`open: ${text}${nextText(open, now)}\n`);
      said = text;
      saidAt = now;
    }
    await new Promise<void>((resolve) => systemRuntime.setTimer(resolve, Math.min(LOOK_MS, until - now)));
  }
}

function nextText({ jobs, dueAt }: OpenWork, now: number): string {
  const hasDead = jobs.some(({ dead }) => dead);
  if (hasDead) return "; dead ones wait for you: mall jobs list --state dead";
  return dueAt !== undefined && dueAt > now ? `; next in ${Math.ceil((dueAt - now) / 1000)} s` : "";
}

function notDrained(text: string): AppError {
  const message = `not drained: ${text} are left: let the processes run on and drain again, or see mall jobs list`;
  return new AppError("FAILED_PRECONDITION", "NOT_DRAINED", message);
}
