import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { type BenchMall, type Kind, NAMES, startBenchMall } from "./purchase/malls.ts";
import { fillPast } from "./purchase/past.ts";
import { say } from "./purchase/say.ts";
import { staffToken } from "./purchase/shop.ts";
import { consoleHeading, machine, writePart } from "./report.ts";

const { values: flags } = readFlags({
  options: {
    rows: { type: "string", default: "1000000" },
    times: { type: "string", default: "30" },
    on: { type: "string", default: "" },
    "buffer-pool": { type: "string", default: "128M" },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:console -- [options]

Measures what the console asks of the pay service, at a gateway over HTTP, with payments of a year behind it: first
pages of lists, searches, the time line of a payment, what needs a person, statistics. On SQLite and on MariaDB, which
it starts. Writes its parts of bench/results.md, one for each database and number of rows.

  --rows N           payments of the past, each with its order, attempt and books (1000000)
  --times N          requests of each kind, one after the other (30)
  --on NAME          SQLite or MariaDB alone
  --buffer-pool SIZE MariaDB's innodb_buffer_pool_size (128M)
`;

const ROOT = resolve(import.meta.dirname, "..");
const KINDS: Readonly<Record<string, Kind>> = { SQLite: "embedded", MariaDB: "one" };
const DAY = 86_400;
const SHOP = { users: 1_000, products: 10 };
const PAUSE_MS = 200;
const MEANWHILE = "list, first page of 100, while the year is added up";

if (flags.help) process.stdout.write(HELP);
else await main(wholeNumberOf("--rows", flags.rows, 1), wholeNumberOf("--times", flags.times, 1));

async function main(rows: number, times: number): Promise<void> {
  for (const [name, kind] of Object.entries(KINDS)) {
    if (flags.on !== "" && flags.on !== name) continue;
    const [load = 0] = loadavg();
    const found = await measureConsole({ name, kind, rows, times });
    const heading = consoleHeading(rows, name);
    const text = partOf(heading, found, { rows, times, load });
    writePart(join(ROOT, "bench/results.md"), heading, text);
    process.stdout.write(text);
  }
}

/** What is asked, by what it is in the report; the last of the payments is of the second `now`. */
function questionsOf(rows: number, now: number): Readonly<Record<string, readonly [string, object]>> {
  const [middle, monthAgo] = [Math.ceil(rows / 2), now - 30 * DAY];
  return {
    "list, first page of 100": ["list", { limit: 100 }],
    "search, first page of 100": ["search", { limit: 100 }],
    "search, in the middle": ["search", { before: middle, limit: 100 }],
    "search by state": ["search", { status: 1, limit: 100 }],
    "search by state, none there": ["search", { status: 5 }],
    "search by account": ["search", { channel: "callback", limit: 100 }],
    "search by account and state": ["search", { channel: "callback", status: 1, limit: 100 }],
    "search of a day a month ago": ["search", { from: monthAgo, to: monthAgo + DAY, limit: 100 }],
    "search by an amount that is not there": ["search", { amountMin: 1_000_000 }],
    "search by a payment's number": ["search", { text: String(middle) }],
    "search by outTradeNo": ["search", { text: `callback-${middle}` }],
    "search by an unknown number": ["search", { text: "2026113022001412345678" }],
    "time line": ["timeline", { id: middle }],
    "what needs a person": ["attention", {}],
    "statistics of an hour by the minute": ["statistics", { from: now - 3_600, to: now, bucket: "minute" }],
    "statistics of six hours by the minute": [
      "statistics",
      { from: now - 6 * 3_600, to: now, bucket: "minute" },
    ],
    "statistics of a day by the hour": ["statistics", { from: now - DAY, to: now, bucket: "hour" }],
    "statistics of a year by the day": ["statistics", yearUntil(now)],
  };
}

function yearUntil(now: number): object {
  return { from: now - 366 * DAY, to: now, bucket: "day", utcOffset: 480 };
}

/** What one database was asked. */
interface Asked {
  /** Until a year was added up. */
  readonly addedUpSeconds: number;
  /** By what was asked. */
  readonly took: ReadonlyMap<string, Took>;
}

/** Milliseconds. */
interface Took {
  readonly median: number;
  readonly most: number;
}

async function measureConsole(asked: {
  readonly name: string;
  readonly kind: Kind;
  readonly rows: number;
  readonly times: number;
}): Promise<Asked> {
  const { name, kind, rows, times } = asked;
  say(`filling ${name} with ${rows} payments`);
  const until = new Date();
  const mall = await startBenchMall({
    ...{ kind, name: NAMES[kind], shop: SHOP, checkout: ROOT },
    mariadb: [`--innodb-buffer-pool-size=${flags["buffer-pool"]}`],
    prepare: async (dataSource) => {
      const past = {
        purchases: rows,
        shop: SHOP,
        people: Math.max(SHOP.users, Math.round(rows / 10)),
        until,
      };
      await fillPast(dataSource, { ...past, hasBooks: true });
    },
  });
  try {
    const { seconds, took: meanwhile } = await addHoursUp(mall);
    say(`${name}: a year was added up in ${seconds.toFixed(1)} s`);
    const took = new Map<string, Took>([[MEANWHILE, meanwhile]]);
    for (const [question, [operation, body]] of Object.entries(
      questionsOf(rows, Math.floor(until.getTime() / 1000)),
    ))
      took.set(question, await measureOne(mall, { operation, body, times }));
    return { addedUpSeconds: seconds, took };
  } finally {
    await mall.stop();
  }
}

/** Asks for the year until all of it is added up, and for the first list meanwhile. */
async function addHoursUp(mall: BenchMall): Promise<{ readonly seconds: number; readonly took: Took }> {
  const startedAt = performance.now();
  const took: number[] = [];
  for (;;) {
    const told = await ask(mall, "statistics", yearUntil(Math.floor(Date.now() / 1000)));
    const seconds = (performance.now() - startedAt) / 1000;
    if (!told.includes('"isPartial":true')) return { seconds, took: tookOf(took) };
    const oneSecond = await measureOne(mall, { operation: "list", body: { limit: 100 }, times: 10 });
    took.push(oneSecond.median, oneSecond.most);
    await sleep(PAUSE_MS);
  }
}

function tookOf(times: readonly number[]): Took {
  const sorted = times.toSorted((one, other) => one - other);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}

interface Measured {
  readonly operation: string;
  readonly body: object;
  readonly times: number;
}

async function measureOne(mall: BenchMall, { operation, body, times }: Measured): Promise<Took> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const startedAt = performance.now();
    await ask(mall, operation, body);
    took.push(performance.now() - startedAt);
  }
  return tookOf(took);
}

async function ask(mall: BenchMall, operation: string, body: object): Promise<string> {
  const answer = await fetch(`${mall.apis.pay}/api/pay/${operation}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${staffToken()}` },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${operation}: ${answer.status} ${text}`);
  return text;
}

function partOf(
  heading: string,
  { addedUpSeconds, took }: Asked,
  { rows, times, load }: { readonly rows: number; readonly times: number; readonly load: number },
): string {
  return [
    heading,
    "",
    `What the console asks of the pay service, at a gateway over HTTP, ${times} times one after the other, with ${rows} payments of the last year in the database, each with its order, attempt and books; MariaDB with an InnoDB buffer pool of ${flags["buffer-pool"]}. The hours of the year were added up for the statistics, from the first time that somebody asked for them, in ${addedUpSeconds.toFixed(1)} s. Made by \`npm run bench:console -- --rows ${rows}\`.`,
    "",
    `${machine()} Load average before the run: ${load.toFixed(1)}.`,
    "",
    "| Question | median ms | the most |",
    "|---|---|---|",
    ...[...took].map(([name, { median, most }]) => `| ${name} | ${median.toFixed(1)} | ${most.toFixed(1)} |`),
    "",
  ].join("\n");
}
