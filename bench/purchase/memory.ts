import { resolve } from "node:path";
import type { Child } from "../child.ts";
import { machine } from "../report.ts";
import { type Kind, NAMES, startBenchMall } from "./malls.ts";
import { say } from "./say.ts";
import { SPREAD } from "./scenes.ts";
import { shop } from "./shoppers.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** From one line about the progress to the next, seconds. */
const SLICE_SECONDS = 10;
/** When memory is looked at, as shares of all purchases. */
const MARKS = [0, 0.1, 0.5, 1] as const;
/** More of them tell of something else than a busy machine. */
const FAILURES_MAX = 1000;
/** What a process may have, MiB. */
const AIM_MIB = 250;

/** Begins the part of the results page. */
export const MEMORY_HEADING = "## Memory of many purchases";

/** One process of a mall. */
interface Grown {
  readonly name: string;
  /** Resident at each mark, MiB. */
  readonly mib: number[];
  /** The most that it was between them, MiB. */
  peakMiB: number;
}

/** Lets each placement, one after the other, make so many purchases; gives the part of the results page. */
export async function measureMemory(kinds: readonly Kind[], purchases: number): Promise<string> {
  const rows: string[] = [];
  for (const kind of kinds) {
    const { grown, failures, perSecond } = await grow(kind, purchases);
    if (failures > 0) say(`${failures} of the purchases came to nothing`);
    for (const { name, mib, peakMiB } of grown) {
      const verdict = peakMiB <= AIM_MIB ? "yes" : "no";
      const cells = [...[...mib, peakMiB].map((each) => each.toFixed(0)), verdict, Math.round(perSecond)];
      rows.push(`| ${NAMES[kind]}: ${name} | ${cells.join(" | ")} |`);
    }
  }
  const marks = MARKS.map((share) => `after ${Math.round(share * purchases)}`);
  return `${[
    MEMORY_HEADING,
    "",
    `Resident memory of mall's processes, MiB, while 64 clients make ${purchases} purchases of 64 products (order create, pay create, callback). Made by \`npm run bench:purchase -- --memory ${purchases}\`.`,
    "",
    machine(),
    "",
    `| process | ${marks.join(" | ")} | the most | at most ${AIM_MIB} | purchases/s |`,
    `|---|${"---|".repeat(MARKS.length + 3)}`,
    ...rows,
  ].join("\n")}\n`;
}

interface Growth {
  readonly grown: readonly Grown[];
  /** Purchases that had no answer in time; in half an hour that may happen on a machine with others on it. */
  readonly failures: number;
  readonly perSecond: number;
}

async function grow(kind: Kind, purchases: number): Promise<Growth> {
  say(`starting ${NAMES[kind]}`);
  const shopOfIt = { users: SPREAD.clients, products: SPREAD.products };
  const mall = await startBenchMall({ kind, name: NAMES[kind], shop: shopOfIt, checkout: ROOT });
  try {
    const grown = [...mall.own.keys()].map((name): Grown => ({ name, mib: [], peakMiB: 0 }));
    const startedAt = performance.now();
    let done = 0;
    let failures = 0;
    const onFailure = (error: unknown): void => {
      failures += 1;
      if (failures === 1) say(`the first that failed: ${String(error)}`);
      if (failures > FAILURES_MAX) throw error;
    };
    const crowd = { ...SPREAD, seconds: SLICE_SECONDS, onFailure };
    for (const share of MARKS) {
      const mark = Math.round(share * purchases);
      while (done < mark) {
        const run = await shop(mall, { ...crowd, purchasesMax: mark - done });
        done += run.purchases;
        say(
          `${done} of ${purchases} purchases, ${Math.round(run.purchasesPerSecond)}/s: ${textOf(mall.own)}`,
        );
      }
      for (const { name, mib } of grown) mib.push(mall.own.get(name)?.residentMiB() ?? 0);
    }
    for (const each of grown) each.peakMiB = mall.own.get(each.name)?.peakMiB() ?? 0;
    return { grown, failures, perSecond: (done * 1000) / (performance.now() - startedAt) };
  } finally {
    await mall.stop();
  }
}

function textOf(own: ReadonlyMap<string, Child>): string {
  return [...own].map(([name, child]) => `${name} ${child.residentMiB().toFixed(0)} MiB`).join(", ");
}
