import { machine } from "../report.ts";
import { type Shopped, STEPS } from "./shoppers.ts";

/** What one crowd did at each mall, by the mall's name. */
export interface Scene {
  readonly title: string;
  readonly found: ReadonlyMap<string, Shopped>;
}

/** Begins the part of the results page. */
export const PURCHASE_HEADING = "## A whole purchase";

/** The part of the results page; ratios are to the mall named `reference`. */
export function purchasePart(
  scenes: readonly Scene[],
  { reference, rounds, seconds }: { reference: string; rounds: number; seconds: number },
): string {
  return `${[
    PURCHASE_HEADING,
    "",
    `Order create, pay create and callback, one after the other, by each client; MariaDB with \`innodb_flush_log_at_trx_commit=1\`, SQLite with \`synchronous=FULL\`; servers and the load generator on the same machine. ${rounds} alternating rounds of ${seconds} s, median. Times are p50 / p99 in milliseconds; CPU is of all processes but the load generator. Made by \`npm run bench:purchase\`.`,
    "",
    machine(),
    ...scenes.flatMap((scene) => ["", `${scene.title}:`, "", ...table(scene, reference)]),
    "",
    "CPU by process, ms a purchase:",
    "",
    ...scenes.slice(0, 1).flatMap(cpuLines),
  ].join("\n")}\n`;
}

function table({ found }: Scene, reference: string): string[] {
  const base = found.get(reference)?.purchasesPerSecond ?? 0;
  return [
    `| | purchases/s | × ${reference} | CPU ms | ${STEPS.join(" | ")} |`,
    `|---|---|---|---|${"---|".repeat(STEPS.length)}`,
    ...[...found].map(([name, { purchasesPerSecond, cpuMs, latency }]) => {
      const times = STEPS.map((step) => `${ms(latency[step].p50Ms)} / ${ms(latency[step].p99Ms)}`);
      const ratio = (purchasesPerSecond / base).toFixed(2);
      const cells = [Math.round(purchasesPerSecond), ratio, cpuMs.toFixed(2), ...times];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

function cpuLines({ found }: Scene): string[] {
  return [...found].map(([name, { cpuMsByProcess }]) => {
    const parts = [...cpuMsByProcess].map(([process, cpu]) => `${process} ${cpu.toFixed(2)}`);
    return `- ${name}: ${parts.join(", ")}`;
  });
}

function ms(time: number): string {
  return time < 10 ? time.toFixed(1) : time.toFixed(0);
}
