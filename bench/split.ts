import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { type Backends, startBackends } from "./backends.ts";
import { BENCH_AMOUNT, fill, ownerOf } from "./fill.ts";
import { type Measured, measure, median, type Target } from "./load.ts";
import { type Placement, startAllInOne, startSplit } from "./placements.ts";
import { SPLIT_NAMES, writeSplitResults } from "./split-report.ts";
import { measureCeiling } from "./sql-ceiling.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** More pay creates a second than two of the placements make on two cores; each needs an order of its own. */
const CREATES_PER_SECOND_MAX = 15_000;

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) {
  process.stdout.write(`npm run bench:split -- [--rounds 3] [--seconds 4]

Measures pay create in the split placement (MariaDB that commits to disk, Redis, etcd; all of them, and the load
generator, on this machine) against the same with plain unary gRPC and nothing gathered into batches, against
all-in-one on the same MariaDB and Redis, and against what MariaDB takes from its driver alone. Alternating rounds, 64 connections, median. Needs
mariadbd, redis-server and etcd. Writes bench/results-split.md.
`);
} else {
  await main(wholeNumberOf("--rounds", flags.rounds, 1), wholeNumberOf("--seconds", flags.seconds, 1));
}

async function main(rounds: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mall-bench-"));
  const placements: Placement[] = [];
  let backends: Backends | undefined;
  try {
    backends = await startBackends();
    const orders = 2 * (rounds + 1) * seconds * CREATES_PER_SECOND_MAX;
    say(`filling a database with ${orders} orders`);
    const { tokens } = await fill(backends.dataSource, orders, 0);
    const options = { backends, folder };
    placements.push(await startSplit({ name: "split", mux: true, batches: true }, options));
    placements.push(await startSplit({ name: "plain", mux: false, batches: false }, options));
    placements.push(await startSplit({ name: "unary", mux: false, batches: true }, options));
    placements.push(await startAllInOne(options));
    const orderIds = countUp(1, orders);
    const next = () => {
      const oid = orderIds();
      const uid = ownerOf(oid);
      return { body: JSON.stringify({ uid, oid, amount: BENCH_AMOUNT }), token: tokens[uid] ?? "" };
    };
    const targets = placements.map(({ url, processes }, index) => ({
      name: SPLIT_NAMES[index] ?? "",
      url,
      processes,
      path: "/api/pay/create",
      next,
    }));
    const measured = await alternate(targets, backends, { rounds, seconds, firstFreeOrder: orders + 1 });
    process.stdout.write(
      writeSplitResults(join(ROOT, "bench/results-split.md"), measured, { rounds, seconds }),
    );
  } finally {
    for (const placement of placements) await placement.stop();
    await backends?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

/** Numbers from `first` to `last`, each once. */
function countUp(first: number, last: number): () => number {
  let next = first;
  return () => {
    if (next > last) throw new Error("the database has no order left: fewer or shorter rounds");
    next += 1;
    return next - 1;
  };
}

/** One run of each in turn, so that what else the machine does hits all alike; the first round only warms up. */
async function alternate(
  targets: readonly Target[],
  { dataSource, processes }: Backends,
  { rounds, seconds, firstFreeOrder }: { rounds: number; seconds: number; firstFreeOrder: number },
): Promise<Map<string, Measured>> {
  const runs = new Map<string, Measured[]>(SPLIT_NAMES.map((name) => [name, []]));
  const nextOrder = countUp(firstFreeOrder, Number.MAX_SAFE_INTEGER);
  const ceiling = SPLIT_NAMES.at(-1) ?? "";
  for (let round = 0; round <= rounds; round += 1) {
    const found: [string, Measured][] = [];
    for (const target of targets) found.push([target.name, await measure(target, seconds)]);
    found.push([ceiling, await measureCeiling({ dataSource, seconds, nextOrder, processes })]);
    for (const [name, run] of found) {
      if (round > 0) runs.get(name)?.push(run);
      say(`round ${round} of ${rounds}, ${name}: ${Math.round(run.requestsPerSecond)}/s`);
    }
  }
  return new Map(
    [...runs].map(([name, all]) => [name, median(all, ({ requestsPerSecond }) => requestsPerSecond)]),
  );
}
