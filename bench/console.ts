import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { type BenchMall, type Kind, NAMES, startBenchMall } from "./purchase/malls.ts";
import { fillPast } from "./purchase/past.ts";
import { say } from "./purchase/say.ts";
import { staffToken } from "./purchase/shop.ts";

const { values: flags } = readFlags({
  options: {
    rows: { type: "string", default: "1000000" },
    times: { type: "string", default: "30" },
    "buffer-pool": { type: "string", default: "128M" },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:console -- [options]

Measures what the console asks of the pay service, at a gateway over HTTP, with payments of a year behind it: first
pages of lists, searches, the time line of a payment, what needs a person, statistics. On SQLite and on MariaDB, which
it starts.

  --rows N           payments of the past, each with its order, attempt and books (1000000)
  --times N          requests of each kind, one after the other (30)
  --buffer-pool SIZE MariaDB's innodb_buffer_pool_size (128M)
`;

const DAY = 86_400;
const SHOP = { users: 1_000, products: 10 };
const PAUSE_MS = 200;

if (flags.help) process.stdout.write(HELP);
else {
  const rows = wholeNumberOf("--rows", flags.rows, 1);
  const times = wholeNumberOf("--times", flags.times, 1);
  for (const kind of ["embedded", "one"] as const) await measureConsole(kind, rows, times);
}

/** What is asked, by what it is in the report. */
function questionsOf(rows: number): Readonly<Record<string, readonly [string, object]>> {
  const now = Math.floor(Date.now() / 1000);
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

async function measureConsole(kind: Kind, rows: number, times: number): Promise<void> {
  say(`filling ${NAMES[kind]} with ${rows} payments`);
  const mall = await startBenchMall({
    ...{ kind, name: NAMES[kind], shop: SHOP, checkout: resolve(import.meta.dirname, "..") },
    mariadb: [`--innodb-buffer-pool-size=${flags["buffer-pool"]}`],
    prepare: async (dataSource) => {
      const past = { purchases: rows, shop: SHOP, people: Math.max(SHOP.users, Math.round(rows / 10)) };
      await fillPast(dataSource, { ...past, hasBooks: true });
    },
  });
  try {
    const tookSeconds = await addHoursUp(mall);
    process.stdout.write(
      `\n${NAMES[kind]}, ${rows} payments; a year was added up in ${tookSeconds.toFixed(1)} s\n\n`,
    );
    process.stdout.write("| Question | p50 ms | p95 ms | most |\n|---|---|---|---|\n");
    for (const [name, [operation, body]] of Object.entries(questionsOf(rows)))
      process.stdout.write(
        `| ${name} | ${(await measureOne(mall, { operation, body, times })).join(" | ")} |\n`,
      );
  } finally {
    await mall.stop();
  }
}

/** Asks for the year until all of it is added up; gives how many seconds that took. */
async function addHoursUp(mall: BenchMall): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const told = await ask(mall, "statistics", yearUntil(Math.floor(Date.now() / 1000)));
    if (!told.includes('"isPartial":true')) return (performance.now() - startedAt) / 1000;
    await sleep(PAUSE_MS);
  }
}

interface Measured {
  readonly operation: string;
  readonly body: object;
  readonly times: number;
}

async function measureOne(mall: BenchMall, { operation, body, times }: Measured): Promise<string[]> {
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const startedAt = performance.now();
    await ask(mall, operation, body);
    took.push(performance.now() - startedAt);
  }
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(times - 1, Math.floor(times * share))] ?? 0;
  return [at(0.5), at(0.95), at(1)].map((ms) => ms.toFixed(1));
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
