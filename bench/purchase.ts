import { join, resolve } from "node:path";
import { endOf, readFlags, wholeNumberOf } from "@mall/kit/testing";
import { median } from "./load.ts";
import { startGoMall } from "./purchase/go-mall.ts";
import { type BenchMall, KINDS, type Kind, startBenchMall } from "./purchase/malls.ts";
import { PURCHASE_HEADING, purchasePart, type Scene } from "./purchase/report.ts";
import { type Crowd, type Shopped, shop } from "./purchase/shoppers.ts";
import { writePart } from "./report.ts";

const ROOT = resolve(import.meta.dirname, "..");
const NAMES: Readonly<Record<Kind, string>> = {
  embedded: "embedded",
  one: "one process",
  split: "split",
};
const PRODUCTS = 64;
const CLIENTS_MAX = 256;

const { values: flags } = readFlags({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    placements: { type: "string", default: KINDS.join() },
    against: { type: "string" },
    profile: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const HELP = `npm run bench:purchase -- [options]

Measures a whole purchase (order create, pay create, callback) in each placement: alternating rounds in one run, with
64 clients on 64 products, 8 clients, and one product for 64 and 256 clients. Writes its part of bench/results.md,
unless it compares checkouts. All but embedded needs mariadbd, redis-server and etcd.

  --rounds N         rounds, after one that warms up (3)
  --seconds N        of each run (4)
  --placements LIST  ${KINDS.join(", ")} (all)
  --against FOLDER   another checkout of mall, installed, measured beside this one
  --profile          tells where the time of mall's processes went, and writes nothing down
  --quick            only the 64 clients on 64 products

Where MALL_BENCH_GO names a folder with go-zero-mall's eight programs (user.rpc, user.api and so on, each started with
-f FILE), they are measured in the same run, and the ratios are to them.
`;

if (flags.help) {
  process.stdout.write(HELP);
} else {
  await main({
    rounds: wholeNumberOf("--rounds", flags.rounds, 1),
    seconds: wholeNumberOf("--seconds", flags.seconds, 1),
    kinds: flags.placements.split(",").map(kindOf),
  });
}

function kindOf(text: string): Kind {
  const kind = KINDS.find((known) => known === text);
  return kind ?? endOf(`--placements takes ${KINDS.join(", ")}, not ${text}`);
}

interface Shape {
  readonly rounds: number;
  readonly seconds: number;
  readonly kinds: readonly Kind[];
}

async function main({ rounds, seconds, kinds }: Shape): Promise<void> {
  const malls: BenchMall[] = [];
  const shopOfAll = { users: CLIENTS_MAX, products: PRODUCTS };
  const goFolder = process.env.MALL_BENCH_GO;
  try {
    if (goFolder !== undefined) {
      say("starting go-zero-mall");
      malls.push(await startGoMall(resolve(goFolder), shopOfAll));
    }
    for (const kind of kinds) {
      const options = { kind, shop: shopOfAll, profiled: flags.profile };
      const name = NAMES[kind];
      say(`starting ${name}`);
      if (flags.against !== undefined) {
        malls.push(
          await startBenchMall({ ...options, name: `${name}, before`, checkout: resolve(flags.against) }),
        );
      }
      malls.push(await startBenchMall({ ...options, name, checkout: ROOT }));
    }
    const scenes: Scene[] = [];
    for (const [title, crowd] of crowds(seconds)) {
      say(title);
      scenes.push({ title, found: await alternate(malls, crowd, rounds) });
    }
    const part = purchasePart(scenes, { reference: malls[0]?.name ?? "", rounds, seconds });
    if (flags.against === undefined && !flags.profile)
      writePart(join(ROOT, "bench/results.md"), PURCHASE_HEADING, part);
    process.stdout.write(part);
    for (const { name, profile } of malls) {
      if (profile !== undefined) process.stdout.write(`\n${name}:\n${(await profile()).join("\n")}\n`);
    }
  } finally {
    for (const mall of malls) await mall.stop();
  }
}

function crowds(seconds: number): [string, Crowd][] {
  const spread: [string, Crowd] = ["64 clients, 64 products", { clients: 64, products: PRODUCTS, seconds }];
  if (flags.quick) return [spread];
  return [
    spread,
    ["8 clients, 64 products", { clients: 8, products: PRODUCTS, seconds }],
    ["64 clients, one product", { clients: 64, products: 1, seconds }],
    ["256 clients, one product", { clients: CLIENTS_MAX, products: 1, seconds }],
  ];
}

/** One run of each in turn, so that what else the machine does hits all alike; the first round only warms up. */
async function alternate(
  malls: readonly BenchMall[],
  crowd: Crowd,
  rounds: number,
): Promise<Map<string, Shopped>> {
  const runs = new Map<string, Shopped[]>(malls.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const mall of malls) {
      const run = await shop(mall, crowd);
      if (round > 0) runs.get(mall.name)?.push(run);
      say(
        `round ${round} of ${rounds}, ${mall.name}: ${Math.round(run.purchasesPerSecond)}/s, ${run.cpuMs.toFixed(2)} ms`,
      );
    }
  }
  return new Map(
    [...runs].map(([name, all]) => [name, median(all, ({ purchasesPerSecond }) => purchasesPerSecond)]),
  );
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
