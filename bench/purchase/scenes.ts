import { join, resolve } from "node:path";
import { type Child, startChild } from "../child.ts";
import { median } from "../load.ts";
import { startGoMall } from "./go-mall.ts";
import { type BenchMall, type Kind, NAMES, startBenchMall } from "./malls.ts";
import { PURCHASE_HEADING, purchasePart, type Scene } from "./report.ts";
import type { Runs } from "./runs.ts";
import { say } from "./say.ts";
import type { Shop } from "./shop.ts";
import { type Crowd, type Shopped, shop } from "./shoppers.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PRODUCTS = 64;
const CLIENTS_MAX = 256;

/** What can be measured, as the command line names it. */
export const SCENES = ["spread", "few", "hot", "prepay"] as const;
type SceneName = (typeof SCENES)[number];

/** The crowd that the others are compared with. */
export const SPREAD = { clients: 64, products: PRODUCTS, way: "callback" } as const;

const CROWDS: Readonly<Record<SceneName, readonly [title: string, crowd: Omit<Crowd, "seconds">][]>> = {
  spread: [["64 clients, 64 products", SPREAD]],
  few: [["8 clients, 64 products", { ...SPREAD, clients: 8 }]],
  hot: [
    ["64 clients, one product", { ...SPREAD, products: 1 }],
    ["256 clients, one product", { ...SPREAD, clients: CLIENTS_MAX, products: 1 }],
  ],
  prepay: [["64 clients, 64 products, paid at a channel", { ...SPREAD, way: "prepay" }]],
};

/** Which malls are measured in what. */
export interface Shape {
  readonly runs: Runs;
  readonly kinds: readonly Kind[];
  readonly scenes: readonly SceneName[];
  /** Another checkout to measure beside this one. */
  readonly against: string | undefined;
  readonly profiled: boolean;
}

/** Measures all malls in all scenes, and gives the part of the results page and what profiles tell. */
export async function measureScenes(
  shape: Shape,
): Promise<{ heading: string; part: string; profiles: string[] }> {
  const { runs } = shape;
  const malls: BenchMall[] = [];
  let bank: Child | undefined;
  try {
    if (shape.scenes.includes("prepay")) bank = await startBank();
    await startAll(malls, shape, bank);
    const scenes: Scene[] = [];
    const warm = new Set<Crowd["way"]>();
    for (const name of shape.scenes) {
      for (const [title, crowd] of CROWDS[name]) {
        say(title);
        const beside = name === "prepay" ? scenes.find((scene) => scene.name === "spread") : undefined;
        const warmUpSeconds = warm.has(crowd.way) ? runs.seconds : runs.warmUpSeconds;
        const found = await alternate(malls, crowd, { ...runs, warmUpSeconds });
        warm.add(crowd.way);
        scenes.push({ name, title, found, ...(beside && { beside }) });
      }
    }
    const reference = malls[0]?.name ?? "";
    const part = purchasePart(scenes, { reference, runs });
    const profiles: string[] = [];
    for (const { name, profile } of malls) {
      if (profile !== undefined) profiles.push(`${name}:\n${(await profile()).join("\n")}`);
    }
    return { heading: PURCHASE_HEADING, part, profiles };
  } finally {
    for (const mall of malls) await mall.stop();
    await bank?.stop();
  }
}

function startBank(): Promise<Child> {
  return startChild([join(ROOT, "bench/bank.ts")], /bank is ready at (\S+)/);
}

/** Puts into `malls` each as soon as it runs. */
async function startAll(malls: BenchMall[], shape: Shape, bank: Child | undefined): Promise<void> {
  const shopOfAll: Shop = { users: CLIENTS_MAX, products: PRODUCTS };
  const goFolder = process.env.MALL_BENCH_GO;
  if (goFolder !== undefined) {
    say("starting go-zero-mall");
    malls.push(await startGoMall(resolve(goFolder), shopOfAll));
  }
  for (const kind of shape.kinds) {
    const options = { kind, shop: shopOfAll, profiled: shape.profiled, bank };
    const name = NAMES[kind];
    say(`starting ${name}`);
    if (shape.against !== undefined) {
      const checkout = resolve(shape.against);
      malls.push(await startBenchMall({ ...options, name: `${name}, before`, checkout }));
    }
    malls.push(await startBenchMall({ ...options, name, checkout: ROOT }));
  }
}

/**
 * One run of each in turn, so that what else the machine does hits all alike; round 0 only warms up. Those that cannot
 * be paid in the crowd's way are left out.
 */
export async function alternate(
  malls: readonly BenchMall[],
  crowd: Omit<Crowd, "seconds">,
  { rounds, seconds, warmUpSeconds }: Runs,
): Promise<Map<string, Shopped | undefined>> {
  const able = malls.filter(({ channel }) => crowd.way === "callback" || channel !== undefined);
  const counted = new Map<string, Shopped[]>(malls.map(({ name }) => [name, []]));
  // A cold mall on a busy machine may leave some without an answer.
  const cold = {
    ...crowd,
    seconds: warmUpSeconds,
    onFailure: (error: unknown) => say(`warming up: ${String(error)}`),
  };
  for (let round = 0; round <= rounds; round += 1) {
    for (const mall of able) {
      const run = await shop(mall, round === 0 ? cold : { ...crowd, seconds });
      if (round > 0) counted.get(mall.name)?.push(run);
      say(
        `round ${round} of ${rounds}, ${mall.name}: ${Math.round(run.purchasesPerSecond)}/s, ${run.cpuMs.toFixed(2)} ms`,
      );
    }
  }
  const middle = (all: readonly Shopped[]): Shopped | undefined =>
    all.length === 0 ? undefined : median(all, ({ purchasesPerSecond }) => purchasesPerSecond);
  return new Map([...counted].map(([name, all]) => [name, middle(all)]));
}
