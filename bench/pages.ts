import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { stringify } from "yaml";
import { type Child, startChild } from "./child.ts";
import { BENCH_AMOUNT, BENCH_SECRET, type Filled, fill, ownerOf } from "./fill.ts";
import { type Measured, measure, median, type Target } from "./load.ts";
import { MALL_COMMAND } from "./mall-command.ts";
import { machine, PAGES_HEADING, writePart } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** From one opening of the cashier to the next, while it is opened. */
const PAUSE_MS = 100;
const ANY_PORT = { Api: 0, Rpc: 0 };

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "8" },
    seconds: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:pages -- [--rounds 8] [--seconds 3]

What it costs pay create that the gateway serves pages: a mall without them, one with them, and one whose cashier is
opened ten times a second, each on SQLite (synchronous=FULL), in alternating rounds. Writes its part of
bench/results.md.
`;

/** A mall of one kind, and its rounds. */
interface Way {
  readonly name: string;
  readonly mall: Child;
  readonly target: Target;
  /** Whether its pages are opened while it is measured. */
  readonly isOpened: boolean;
  readonly runs: Measured[];
}

if (flags.help) process.stdout.write(HELP);
else await main(wholeNumberOf("--rounds", flags.rounds, 1), wholeNumberOf("--seconds", flags.seconds, 1));

async function main(rounds: number, seconds: number): Promise<void> {
  const [load = 0] = loadavg();
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-pages-"));
  // Room for every create of the rounds and of their warm-up at 10,000 a second.
  const orders = (rounds + 1) * seconds * 10_000;
  const start = (name: string, hasPages: boolean, isOpened = false): Promise<Way> =>
    startWay({ name, isOpened }, { folder: mkdtempSync(join(folder, "mall-")), hasPages, orders });
  const ways = [
    await start("no pages", false),
    await start("pages, nobody opens them", true),
    await start("pages, the cashier is opened ten times a second", true, true),
  ];
  try {
    for (const way of ways) await run(way, seconds);
    for (const way of ways) way.runs.length = 0;
    // Each round the other way round, so that what changes with the time falls on all alike.
    for (let round = 0; round < rounds; round += 1)
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) await run(way, seconds);
    const text = partOf(ways, { rounds, seconds, load });
    writePart(join(ROOT, "bench/results.md"), PAGES_HEADING, text);
    process.stdout.write(text);
  } finally {
    for (const { mall } of ways) await mall.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startWay(
  way: Pick<Way, "name" | "isOpened">,
  { folder, hasPages, orders }: { folder: string; hasPages: boolean; orders: number },
): Promise<Way> {
  const config = {
    ...{ Port: 0, Pages: hasPages, Simulator: { Enabled: false }, DataDir: folder },
    ...{
      Auth: { AccessSecret: BENCH_SECRET },
      User: ANY_PORT,
      Product: ANY_PORT,
      Order: ANY_PORT,
      Pay: ANY_PORT,
    },
  };
  const file = `${folder}.yaml`;
  writeFileSync(file, stringify(config));
  const args = [...MALL_COMMAND, "up", "-f", file];
  const ready = /gateway\s+(http:\S+)/;
  // The first start makes its database.
  await (await startChild(args, ready)).stop();
  const filled = await fill(`sqlite:${join(folder, "mall.db")}`, orders, 0);
  const mall = await startChild(args, ready);
  return { ...way, mall, target: targetOf(way.name, mall, filled), runs: [] };
}

function targetOf(name: string, mall: Child, { orders, tokens }: Filled): Target {
  let last = 0;
  return {
    ...{ name, url: mall.url, path: "/api/pay/create", processes: new Map([["server", mall]]) },
    next: () => {
      last += 1;
      if (last > orders) throw new Error("the database has no order left: fewer or shorter rounds");
      const uid = ownerOf(last);
      return { body: JSON.stringify({ uid, oid: last, amount: BENCH_AMOUNT }), token: tokens[uid] ?? "" };
    },
  };
}

async function run({ name, mall, target, isOpened, runs }: Way, seconds: number): Promise<void> {
  const over = new AbortController();
  const opening = isOpened ? openPages(mall.url, over.signal) : undefined;
  const measured = await measure(target, seconds);
  over.abort();
  await opening;
  runs.push(measured);
  process.stderr.write(`bench: ${name}: ${Math.round(measured.requestsPerSecond)} requests/s\n`);
}

/** Opens the cashier, its page and its script, until it is enough. */
async function openPages(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const page = await textOf(`${url}/cashier`);
    const [, script = ""] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    await textOf(`${url}${script}`);
    await pause(PAUSE_MS);
  }
}

async function textOf(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

function partOf(
  ways: readonly Way[],
  { rounds, seconds, load }: { rounds: number; seconds: number; load: number },
): string {
  const medians = ways.map(({ name, runs }) => ({
    name,
    run: median(runs, ({ requestsPerSecond }) => requestsPerSecond),
  }));
  const [first] = medians;
  const rows = medians.map(({ name, run }) => {
    const ratio = run.requestsPerSecond / (first?.run.requestsPerSecond ?? Number.NaN);
    const cells = [Math.round(run.requestsPerSecond), ratio.toFixed(2), run.p50Ms, run.p99Ms];
    return `| ${name} | ${[...cells, run.cpuMicrosPerRequest.toFixed(0)].join(" | ")} |`;
  });
  return [
    PAGES_HEADING,
    "",
    `Pay create at the gateway of a mall in one process on SQLite (\`synchronous=FULL\`), 64 connections, ${rounds} alternating rounds of ${seconds} s, median. Made by \`npm run bench:pages\`.`,
    "",
    `${machine()} Load average before the run: ${load.toFixed(1)}.`,
    "",
    "| | requests/s | ratio | p50 ms | p99 ms | server CPU µs/request |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
