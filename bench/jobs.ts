import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { jobsConfig } from "@mall/kit/config";
import { createJobWorkers, JOB_STATE, type JobQueue, type JobWorkers, jobsMigrations } from "@mall/kit/jobs";
import { silentLogger } from "@mall/kit/log";
import { noopObserver } from "@mall/kit/observe";
import { systemRuntime } from "@mall/kit/runtime";
import { type Database, migrateToLatest, openDatabase, type Transaction } from "@mall/kit/store";
import { readFlags, startMariadb, wholeNumberOf } from "@mall/kit/testing";
import { JOBS_HEADING, machine, writePart } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
const RESULTS = join(ROOT, "bench/results.md");
const ROWS_PER_INSERT = 1000;
const PAYLOAD = '{"id":1234567,"attempt":1}';
const DAY_MS = 86_400_000;

const { values: flags } = readFlags({
  options: {
    done: { type: "string", default: "1000000" },
    due: { type: "string", default: "10000" },
    attempts: { type: "string", default: "1000" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) {
  process.stdout.write(`npm run bench:jobs -- [--done 1000000] [--due 10000] [--attempts 1000]

Measures durable jobs on MariaDB and on SQLite (synchronous=FULL): claims out of a table of --done jobs that are
done and --due that are due, and what a job that is due at once adds to its transaction and how soon it runs.
Writes its part of bench/results.md.
`);
} else {
  await main(
    wholeNumberOf("--done", flags.done, 1),
    wholeNumberOf("--due", flags.due, 1),
    wholeNumberOf("--attempts", flags.attempts, 1),
  );
}

interface Measured {
  readonly database: string;
  /** Milliseconds. */
  readonly claims: readonly number[];
  readonly jobsPerSecond: number;
  readonly plain: readonly number[];
  readonly enqueuing: readonly number[];
  readonly untilTried: readonly number[];
}

async function main(done: number, due: number, attempts: number): Promise<void> {
  const [load = 0] = loadavg();
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-"));
  const mariadb = await startMariadb();
  if ("skipped" in mariadb) throw new Error(mariadb.skipped);
  try {
    const sources = [
      ["MariaDB", await mariadb.createDatabase()],
      ["SQLite", `sqlite:${join(folder, "jobs.db")}`],
    ] as const;
    const measured: Measured[] = [];
    for (const [name, dataSource] of sources) {
      const database = await openDatabase({ dataSource, runtime: systemRuntime });
      await migrateToLatest(database, jobsMigrations);
      process.stderr.write(
        `bench: filling ${name} with ${done} jobs that are done and ${due} that are due\n`,
      );
      await fill(database, done, JOB_STATE.done);
      await fill(database, due, JOB_STATE.waiting);
      measured.push({
        database: name,
        ...(await claimAll(database, due)),
        ...(await tryAtOnce(database, attempts)),
      });
      await database.close();
    }
    const text = pageOf(measured, { done, due, attempts, load });
    writePart(RESULTS, JOBS_HEADING, text);
    process.stdout.write(text);
  } finally {
    await mariadb.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jobs that ended, or came due, in the course of the last days. */
async function fill(database: Database, count: number, state: number): Promise<void> {
  const now = systemRuntime.now();
  for (let first = 0; first < count; first += ROWS_PER_INSERT) {
    const rows = Array.from({ length: Math.min(ROWS_PER_INSERT, count - first) }, (_, index) => {
      const at = now - Math.floor((5 * DAY_MS * (count - first - index)) / count) - 1;
      return ["pay", "work", PAYLOAD, state, at, at];
    });
    const places = rows.map(() => "(?, ?, ?, ?, ?, ?)").join(", ");
    await database.write({
      sql: `INSERT INTO job (queue, kind, payload, state, due_at, created_at) VALUES ${places}`,
      parameters: rows.flat(),
    });
  }
}

/** Runs all that is due; a claim is a transaction of the worker's. */
async function claimAll(
  database: Database,
  due: number,
): Promise<Pick<Measured, "claims" | "jobsPerSecond">> {
  const claims: number[] = [];
  const timed = new Proxy(database, {
    get: (target, name) => {
      if (name !== "transaction") {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (...args: Parameters<Database["transaction"]>) => {
        const startedAt = performance.now();
        const result: unknown = await target.transaction(...args);
        claims.push(performance.now() - startedAt);
        return result;
      };
    },
  });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let runs = 0;
  const { workers } = work(timed, async () => {
    runs += 1;
    if (runs === due) end();
  });
  const startedAt = performance.now();
  workers.start();
  await over;
  const seconds = (performance.now() - startedAt) / 1000;
  await workers.drain(10_000);
  return { claims, jobsPerSecond: due / seconds };
}

/** One after the other: a transaction that stores something, and the same with a job that is due at once. */
async function tryAtOnce(
  database: Database,
  attempts: number,
): Promise<Pick<Measured, "plain" | "enqueuing" | "untilTried">> {
  let triedAt = 0;
  const { workers, queue } = work(database, async () => {
    triedAt = performance.now();
  });
  workers.start();
  const store = (tx: Transaction) =>
    tx.write({ sql: "UPDATE job SET attempts = attempts + 1 WHERE id = 1", parameters: [] });
  const [plain, enqueuing, untilTried]: [number[], number[], number[]] = [[], [], []];
  for (let count = 0; count < attempts; count += 1) {
    const plainAt = performance.now();
    await database.transaction(store);
    const startedAt = performance.now();
    plain.push(startedAt - plainAt);
    const ticket = await database.transaction(async (tx) => {
      await store(tx);
      return queue.enqueue(tx, { kind: "work", payload: {} });
    });
    const committedAt = performance.now();
    enqueuing.push(committedAt - startedAt);
    await ticket.settled();
    untilTried.push(Math.max(0, triedAt - committedAt));
  }
  await workers.drain(10_000);
  return { plain, enqueuing, untilTried };
}

function work(database: Database, handler: () => Promise<void>): { workers: JobWorkers; queue: JobQueue } {
  const options = { runtime: systemRuntime, log: silentLogger, observer: noopObserver };
  const workers = createJobWorkers({ ...options, config: jobsConfig.parse({}) });
  const queue = workers.open(database, "pay");
  queue.handle("work", handler);
  return { workers, queue };
}

function pageOf(
  measured: readonly Measured[],
  { done, due, attempts, load }: { done: number; due: number; attempts: number; load: number },
): string {
  const rows = measured.map((each) => {
    const added = quantile(each.enqueuing, 0.5) - quantile(each.plain, 0.5);
    const cells = [
      quantile(each.claims, 0.5).toFixed(1),
      quantile(each.claims, 0.99).toFixed(1),
      each.jobsPerSecond.toFixed(0),
      added.toFixed(2),
      quantile(each.untilTried, 0.5).toFixed(2),
      quantile(each.untilTried, 0.99).toFixed(2),
    ];
    return `| ${each.database} | ${cells.join(" | ")} |`;
  });
  return `${[
    JOBS_HEADING,
    "",
    `Out of a table with ${done} jobs that are done and ${due} that are due, one process claims up to 32 at a time and runs them all (their work is nothing). Then, ${attempts} times one after the other, a transaction with a job that is due at once: what the job adds to the transaction, and how long after the commit its attempt begins. MariaDB with the tests' settings, SQLite with \`synchronous=FULL\`. Made by \`npm run bench:jobs\`.`,
    "",
    `${machine()} Load average before the run: ${load.toFixed(1)}.`,
    "",
    "| | claim p50 ms | claim p99 ms | jobs/s | added to the transaction, median ms | attempt begins after p50 ms | p99 ms |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n")}\n`;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * part)] ?? 0;
}
