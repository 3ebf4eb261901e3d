import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { stringify } from "yaml";
import { type Child, startChild } from "./child.ts";
import { BENCH_AMOUNT, BENCH_SECRET, type Filled, fill, ownerOf } from "./fill.ts";
import { type Measured, measure, median, type Target } from "./load.ts";
import { MALL_COMMAND } from "./mall-command.ts";
import { profileFlags, summarizeProfile } from "./profile.ts";
import { type Figures, writeResults } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    requests: { type: "string", default: "1000000" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) {
  process.stdout.write(`npm run bench -- [--rounds 5] [--seconds 5] [--requests 1000000]

Measures the all-in-one mall on SQLite (synchronous=FULL) against an empty validated Fastify route:
alternating rounds, 64 connections, load generator on the same machine, median; then start-up time,
resident memory idle and after --requests requests, and a CPU profile. Writes bench/results.md.
`);
} else {
  await main(
    wholeNumberOf("--rounds", flags.rounds, 1),
    wholeNumberOf("--seconds", flags.seconds, 1),
    wholeNumberOf("--requests", flags.requests, 1),
  );
}

async function main(rounds: number, seconds: number, requests: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-"));
  try {
    // Room for every create of the rounds, of their warm-up and of the profile at 20,000 a second.
    const orders = (rounds + 3) * seconds * 20_000 + 50_000;
    say(`filling a database with ${orders} orders`);
    const filled = await fill(`sqlite:${join(folder, "mall.db")}`, orders, 50_000);
    const args = mallArgs(folder);
    const cold = await startMall(args);
    await cold.stop();
    const mall = await startMall(args);
    const idleMiB = mall.residentMiB();
    const floor = await startChild([join(ROOT, "bench/floor.ts")], /floor is ready at (\S+)/);
    const targets = targetsOf(mall, floor, filled);
    const measured = await alternate(targets, rounds, seconds);
    await floor.stop();
    say(`firing ${requests} requests for the memory figure`);
    const loadedMiB = await loadedMemory(mall, targets, requests);
    await mall.stop();
    const profile = await profiled({ folder, args, filled, seconds });
    const figures: Figures = {
      measured,
      startMs: { cold: cold.startMs, warm: mall.startMs },
      memoryMiB: { idle: idleMiB, loaded: loadedMiB, requests },
      profile,
    };
    process.stdout.write(writeResults(join(ROOT, "bench/results.md"), figures, { rounds, seconds }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

function mallArgs(folder: string): string[] {
  const anyPort = { Api: 0, Rpc: 0 };
  const config = {
    Port: 0,
    Simulator: { Enabled: false },
    DataDir: folder,
    Auth: { AccessSecret: BENCH_SECRET },
    User: anyPort,
    Product: anyPort,
    Order: anyPort,
    Pay: anyPort,
  };
  const file = join(folder, "mall.yaml");
  writeFileSync(file, stringify(config));
  return [...MALL_COMMAND, "up", "-f", file];
}

function startMall(args: readonly string[]): Promise<Child> {
  return startChild(args, /pay\.api\s+(http:\S+)/);
}

type Targets = readonly [floor: Target, create: Target, detail: Target];

function targetsOf(mall: Child, floor: Child, filled: Filled): Targets {
  let nextOrder = filled.pays;
  let nextPay = 0;
  const token = (uid: number): string => filled.tokens[uid] ?? "";
  const create = (): { body: string; token: string } => {
    nextOrder += 1;
    if (nextOrder > filled.orders) throw new Error("the database has no order left: fewer or shorter rounds");
    const uid = ownerOf(nextOrder);
    return { body: JSON.stringify({ uid, oid: nextOrder, amount: BENCH_AMOUNT }), token: token(uid) };
  };
  const detail = (): { body: string; token: string } => {
    nextPay = (nextPay % filled.pays) + 1;
    return { body: JSON.stringify({ id: nextPay }), token: token(ownerOf(nextPay)) };
  };
  const floorShot = { body: JSON.stringify({ uid: 1, oid: 100_000, amount: BENCH_AMOUNT }), token: token(1) };
  const of = (server: Child) => ({ url: server.url, processes: new Map([["server", server]]) });
  return [
    { name: "empty validated Fastify route", ...of(floor), path: "/api/pay/create", next: () => floorShot },
    { name: "POST /api/pay/create", ...of(mall), path: "/api/pay/create", next: create },
    { name: "POST /api/pay/detail", ...of(mall), path: "/api/pay/detail", next: detail },
  ];
}

async function alternate(targets: Targets, rounds: number, seconds: number): Promise<Map<string, Measured>> {
  const runs = new Map<string, Measured[]>(targets.map((target) => [target.name, []]));
  for (const target of targets) await measure(target, seconds);
  for (let round = 1; round <= rounds; round += 1) {
    for (const target of targets) {
      const run = await measure(target, seconds);
      runs.get(target.name)?.push(run);
      say(`round ${round} of ${rounds}, ${target.name}: ${Math.round(run.requestsPerSecond)} requests/s`);
    }
  }
  return new Map(
    [...runs].map(([name, all]) => [name, median(all, ({ requestsPerSecond }) => requestsPerSecond)]),
  );
}

/** Resident memory after so many requests; creates as far as orders last, then details. */
async function loadedMemory(mall: Child, [, , detail]: Targets, requests: number): Promise<number> {
  const slice = 10;
  let done = 0;
  while (done < requests) {
    const run = await measure(detail, slice);
    done += Math.round(run.requestsPerSecond * slice);
  }
  return mall.residentMiB();
}

async function profiled(options: {
  folder: string;
  args: readonly string[];
  filled: Filled;
  seconds: number;
}): Promise<string[]> {
  const { folder, args, filled, seconds } = options;
  const mall = await startMall([...profileFlags(folder), ...args]);
  const [, create] = targetsOf(mall, mall, filled);
  // The last orders are still free: the rounds took them from the front.
  const used = filled.orders - 2 * seconds * 20_000;
  const late = { ...filled, pays: used };
  const [, lateCreate] = targetsOf(mall, mall, late);
  await measure({ ...create, next: lateCreate.next }, seconds);
  await mall.stop();
  return summarizeProfile(folder, ROOT);
}
