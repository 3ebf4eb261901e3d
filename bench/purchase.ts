import { join, resolve } from "node:path";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { filledHeading, measureBesidePast } from "./purchase/beside-past.ts";
import { KINDS, type Kind } from "./purchase/malls.ts";
import { MEMORY_HEADING, measureMemory } from "./purchase/memory.ts";
import type { Runs } from "./purchase/runs.ts";
import { measureScenes, SCENES } from "./purchase/scenes.ts";
import { writePart } from "./report.ts";

const RESULTS = join(import.meta.dirname, "results.md");

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    "warm-up": { type: "string", default: "20" },
    placements: { type: "string" },
    scenes: { type: "string", default: SCENES.join() },
    memory: { type: "string" },
    filled: { type: "string" },
    "without-books": { type: "boolean", default: false },
    "buffer-pool": { type: "string", default: "64M" },
    against: { type: "string" },
    profile: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:purchase -- [options]

Measures a whole purchase (order create, pay create, callback) in each placement: alternating rounds in one run, with
64 clients on 64 products, 8 clients, and one product for 64 and 256 clients; and by a channel in place of the
callback (prepay, paid at a sandbox bank, notified, order paid). Writes its part of bench/results.md, unless it
compares checkouts. All but embedded needs mariadbd, redis-server and etcd.

  --rounds N         rounds, after one that warms up (3)
  --seconds N        of each run (4)
  --warm-up SECONDS  of that one; Node goes on compiling mall's code for most of a minute (20)
  --placements LIST  ${KINDS.join(", ")} (all)
  --scenes LIST      ${SCENES.join(", ")} (all); prepay is compared with spread where both are in the list
  --against FOLDER   another checkout of mall, installed, measured beside this one
  --profile          tells where the time of mall's processes went, and writes nothing down
  --quick            only the 64 clients on 64 products

In place of that, and as parts of their own:

  --memory N         resident memory of mall's processes at the start, after a tenth, half and all of N purchases;
                     a million tells whether it stays, and takes half an hour a placement (embedded, one)
  --filled ROWS      the 64 clients on 64 products with an empty database, and with one that has so many purchases of
                     the past, which are written there first (embedded, one)
  --without-books    with --filled: writes orders and payments of the past only, which takes half the room (about
                     45 GiB for 100 million of them, and 90 GiB with the books)
  --buffer-pool SIZE with --filled: MariaDB's innodb_buffer_pool_size (64M)

Where MALL_BENCH_GO names a folder with go-zero-mall's eight programs (user.rpc, user.api and so on, each started with
-f FILE), they are measured in the same run, and the ratios are to them.
`;

if (flags.help) {
  process.stdout.write(HELP);
} else if (flags.memory !== undefined) {
  const purchases = wholeNumberOf("--memory", flags.memory, 1);
  report(MEMORY_HEADING, await measureMemory(kindsOr("embedded", "one"), purchases));
} else if (flags.filled !== undefined) {
  const rows = wholeNumberOf("--filled", flags.filled, 1);
  const options = { hasBooks: !flags["without-books"], bufferPool: flags["buffer-pool"] };
  for (const kind of kindsOr("embedded", "one"))
    report(filledHeading(kind), await measureBesidePast({ kind, runs: runs(), rows, ...options }));
} else {
  await compare();
}

async function compare(): Promise<void> {
  const { heading, part, profiles } = await measureScenes({
    runs: runs(),
    kinds: kindsOr(...KINDS),
    scenes: listOf("--scenes", flags.quick ? "spread" : flags.scenes, SCENES),
    against: flags.against && resolve(flags.against),
    profiled: flags.profile,
  });
  if (flags.against === undefined && !flags.profile) report(heading, part);
  else process.stdout.write(part);
  for (const profile of profiles) process.stdout.write(`\n${profile}\n`);
}

function runs(): Runs {
  return {
    rounds: wholeNumberOf("--rounds", flags.rounds, 1),
    seconds: wholeNumberOf("--seconds", flags.seconds, 1),
    warmUpSeconds: wholeNumberOf("--warm-up", flags["warm-up"], 1),
  };
}

function report(heading: string, part: string): void {
  writePart(RESULTS, heading, part);
  process.stdout.write(part);
}

function kindsOr(...kinds: readonly Kind[]): readonly Kind[] {
  return flags.placements === undefined ? kinds : listOf("--placements", flags.placements, KINDS);
}

/** What a flag lists, in the order in which it is known. */
function listOf<Name extends string>(flag: string, text: string, known: readonly Name[]): Name[] {
  const words = text.split(",");
  const stranger = words.find((word) => !known.some((name) => name === word));
  if (stranger !== undefined) endOf(`${flag} takes ${known.join(", ")}, not ${stranger}`);
  return known.filter((name) => words.includes(name));
}
