import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { Measured } from "./load.ts";

/** Everything one run found. */
export interface Figures {
  /** By target name; the first is the floor. */
  readonly measured: ReadonlyMap<string, Measured>;
  readonly startMs: { readonly cold: number; readonly warm: number };
  readonly memoryMiB: { readonly idle: number; readonly loaded: number; readonly requests: number };
  readonly profile: readonly string[];
}

/** Writes the results page and gives its text. */
export function writeResults(
  path: string,
  figures: Figures,
  shape: { rounds: number; seconds: number },
): string {
  const text = `${[
    "# Bench results",
    "",
    `All-in-one on SQLite (WAL, \`synchronous=FULL\`), 64 connections, load generator on the same machine, ${shape.rounds} alternating rounds of ${shape.seconds} s, median. Made by \`npm run bench\`.`,
    "",
    machine(),
    "",
    ...throughput(figures.measured),
    "",
    `Start to ready: ${(figures.startMs.cold / 1000).toFixed(2)} s the first time, ${(figures.startMs.warm / 1000).toFixed(2)} s with a warm compile cache.`,
    "",
    `Resident memory: ${figures.memoryMiB.idle.toFixed(0)} MiB idle after start, ${figures.memoryMiB.loaded.toFixed(0)} MiB after the rounds and ${figures.memoryMiB.requests} more requests.`,
    "",
    "Where the busy time of pay create goes (V8 CPU profile, self time):",
    "",
    "```",
    ...figures.profile,
    "```",
  ].join("\n")}\n`;
  const [, ...parts] = partsOf(existsSync(path) ? readFileSync(path, "utf8") : "");
  writePage(path, [text, ...parts]);
  return text;
}

/** Begin the parts of the results page that are measured by themselves. */
export const JOBS_HEADING = "## Durable jobs";
export const MALLCTL_HEADING = "## mallctl";
export const NOTIFICATIONS_HEADING = "## Notifications a core takes";
export const NOTIFICATIONS_MEMORY_HEADING = "## Memory over many notifications";
export const NOTIFY_HEADING = "## From a notification to the order being paid";
export const consoleHeading = (rows: number, database: string): string =>
  `## The console over ${rows} payments on ${database}`;
export const PAGES_HEADING = "## Pay create beside pages";

/** Puts a part, which begins with its heading, into the results page in place of what it was, or at the end. */
export function writePart(path: string, heading: string, part: string): void {
  const parts = partsOf(readFileSync(path, "utf8"));
  const place = parts.findIndex((each) => each.startsWith(`${heading}\n`));
  writePage(path, place < 0 ? [...parts, part] : parts.with(place, part));
}

/** What comes before the first heading of a part, and the parts. */
function partsOf(page: string): string[] {
  return page.split(/^(?=## )/m);
}

function writePage(path: string, parts: readonly string[]): void {
  writeFileSync(path, parts.map((part) => `${part.trim()}\n`).join("\n"));
}

/** The date, the machine and the runtime, in a line. */
export function machine(): string {
  const [cpu] = cpus();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${date}; ${cpus().length} × ${cpu?.model ?? "unknown CPU"}, ${memoryGiB} GiB; Node ${process.version}.`;
}

function throughput(measured: ReadonlyMap<string, Measured>): string[] {
  const [floor] = measured.values();
  if (floor === undefined) throw new Error("nothing was measured");
  return [
    "| | requests/s | ratio to the floor | p50 ms | p99 ms | server CPU µs/request |",
    "|---|---|---|---|---|---|",
    ...[...measured].map(([name, run]) => {
      const ratio = (run.requestsPerSecond / floor.requestsPerSecond).toFixed(2);
      const cells = [
        Math.round(run.requestsPerSecond),
        ratio,
        run.p50Ms,
        run.p99Ms,
        run.cpuMicrosPerRequest.toFixed(0),
      ];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}
