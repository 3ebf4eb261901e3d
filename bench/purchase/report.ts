import { machine } from "../report.ts";
import type { Runs } from "./runs.ts";
import type { Shopped } from "./shoppers.ts";

/** What one crowd did at each mall, by the mall's name; undefined where it cannot be done. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  readonly found: ReadonlyMap<string, Shopped | undefined>;
  /** The one whose figures of the same mall are 1. */
  readonly beside?: Scene;
}

/** Begins the part of the results page. */
export const PURCHASE_HEADING = "## A whole purchase";

const NONE = "—";

/** The part of the results page; ratios are to the mall named `reference`. */
export function purchasePart(
  scenes: readonly Scene[],
  { reference, runs }: { reference: string; runs: Runs },
): string {
  return `${[
    PURCHASE_HEADING,
    "",
    `Order create, pay create and callback, one after the other, by each client; or, at a channel, order create, pay create, prepay, and from the buyer's paying at the sandbox bank by way of its notification to the order being paid. ${circumstances(runs)} Made by \`npm run bench:purchase\`.`,
    "",
    machine(),
    ...scenes.flatMap((scene) => ["", `${scene.title}:`, "", ...purchaseTable(scene, reference)]),
    "",
    "CPU by process, ms a purchase:",
    "",
    ...scenes.filter(({ name }, index) => index === 0 || name === "prepay").flatMap(cpuLines),
  ].join("\n")}\n`;
}

/** What holds for all figures of a run. */
export function circumstances({ rounds, seconds, warmUpSeconds }: Runs): string {
  return `MariaDB with \`innodb_flush_log_at_trx_commit=1\`, SQLite with \`synchronous=FULL\`; servers and the load generator on the same machine. ${rounds} alternating rounds of ${seconds} s after ${warmUpSeconds} s that warm up, median. Times are p50 / p99 in milliseconds; CPU is of all processes but the load generator and the bank.`;
}

/** The figures of one scene, a mall a line; those of the mall named `reference` are 1. */
export function purchaseTable({ found, beside }: Scene, reference: string): string[] {
  const base = found.get(reference)?.purchasesPerSecond;
  const steps = [...([...found.values()].find((run) => run !== undefined)?.latency.keys() ?? [])];
  const columns = [
    "purchases/s",
    `× ${reference}`,
    ...(beside === undefined ? [] : ["× by callback"]),
    "CPU ms",
    ...steps,
  ];
  return [
    `| | ${columns.join(" | ")} |`,
    `|---|${"---|".repeat(columns.length)}`,
    ...[...found].map(([name, run]) => {
      if (run === undefined) return `| ${name} |${` ${NONE} |`.repeat(columns.length)}`;
      const { purchasesPerSecond, cpuMs, latency } = run;
      const times = [...latency.values()].map(({ p50Ms, p99Ms }) => `${ms(p50Ms)} / ${ms(p99Ms)}`);
      const other = beside?.found.get(name)?.purchasesPerSecond;
      const cells = [
        Math.round(purchasesPerSecond),
        ratio(purchasesPerSecond, base),
        ...(beside === undefined ? [] : [ratio(purchasesPerSecond, other)]),
        cpuMs.toFixed(2),
        ...times,
      ];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

function cpuLines({ name: scene, found }: Scene): string[] {
  return [...found].flatMap(([name, run]) => {
    if (run === undefined) return [];
    const parts = [...run.cpuMsByProcess].map(([process, cpu]) => `${process} ${cpu.toFixed(2)}`);
    return `- ${name}${scene === "prepay" ? ", paid at a channel" : ""}: ${parts.join(", ")}`;
  });
}

function ratio(figure: number, base: number | undefined): string {
  return base === undefined ? NONE : (figure / base).toFixed(2);
}

function ms(time: number): string {
  return time < 10 ? time.toFixed(1) : time.toFixed(0);
}
