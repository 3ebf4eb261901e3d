import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { generateLayer, type ServiceLayer, serviceLayers } from "../codegen/commands/index.ts";
import { bigContract } from "./mallctl/big-contracts.ts";
import {
  type Generator,
  generateScript,
  goctl,
  mallctl,
  mallctlGenerate,
  mallctlGenerateAgain,
  ROOT,
} from "./mallctl/generators.ts";
import { MALLCTL_HEADING, machine, writePart } from "./report.ts";

const { values } = readFlags({
  options: {
    rounds: { type: "string", default: "9" },
    against: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write("npm run bench:mallctl -- [--rounds 9] [--against FOLDER, where another mall is]\n");
  process.exit();
}
const rounds = wholeNumberOf("--rounds", values.rounds, 1);

/** Those in turns, so that what else the machine does is the same to all: the median of each, milliseconds. */
function medians(generators: readonly Generator[], layers: readonly ServiceLayer[]): number[] {
  const times = generators.map((): number[] => []);
  // The first round fills the caches of compiled modules, and does not count.
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, each] of generators.entries()) {
      const took = each.run(layers);
      if (round > 0) times[index]?.push(took);
    }
  return times.map((each) => each.toSorted((one, other) => one - other)[Math.floor(each.length / 2)] ?? 0);
}

/** A row for each; the last is what the others are compared with. */
function compared(generators: readonly Generator[], layers: readonly ServiceLayer[]): string[] {
  const found = medians(generators, layers);
  const last = found.at(-1) ?? 1;
  return generators.map(({ name }, index) => {
    const took = found[index] ?? 0;
    return `| ${name} | ${layers.length} | ${Math.round(took)} | ${(took / last).toFixed(2)} |`;
  });
}

async function besideGoctl(): Promise<string[]> {
  const theirs = goctl();
  if (theirs === undefined) return [];
  const all = serviceLayers(join(ROOT, "services"));
  const layers = all.filter(({ layer, dir }) => dir.includes("/services/") && theirs.layers.includes(layer));
  return compared(
    [mallctlGenerate("`mallctl generate`"), mallctl("`mallctl`, a command each"), theirs],
    layers,
  );
}

/** Its own contracts: an older one does not take what has come to them since. */
async function besideAnother(folder: string): Promise<string[]> {
  const layers = serviceLayers(join(folder, "services"));
  const script = generateScript("`npm run generate` of the other, again", folder);
  const before = mallctl("the other `mallctl`, a command each", folder);
  return [
    ...compared([mallctlGenerateAgain("`mallctl generate`, again"), script], layers),
    ...compared([mallctl("`mallctl`, a command each"), before], layers),
  ];
}

/** What a line costs must not depend on how many there are. */
async function longContracts(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-mallctl-"));
  const rows: string[] = [];
  for (const [layer, extension] of [
    ["api", "api"],
    ["model", "sql"],
    ["rpc", "proto"],
  ] as const) {
    const cells: string[] = [];
    for (const lines of [2_500, 5_000, 10_000, 20_000]) {
      const path = join(folder, `big.${extension}`);
      writeFileSync(path, bigContract(layer, lines));
      const start = performance.now();
      await generateLayer(layer, path, { cache: true });
      // The first is for the engine to get warm.
      if (lines > 2_500) cells.push(`${Math.round(performance.now() - start)}`);
      rmSync(path);
    }
    rows.push(`| \`.${extension}\` | ${cells.join(" | ")} |`);
  }
  rmSync(folder, { recursive: true });
  return rows;
}

const [load = 0] = loadavg();
const goctlRows = await besideGoctl();
const otherRows = values.against === undefined ? [] : await besideAnother(values.against);
const part = [
  MALLCTL_HEADING,
  "",
  `From contracts that nothing was made of yet, or again where nothing is new; ${rounds} rounds in turns, median; the last row of each table is what the others are compared with. Made by \`npm run bench:mallctl\`.`,
  "",
  `${machine()} Load average before the run: ${load.toFixed(1)}.`,
  "",
  ...[goctlRows, otherRows]
    .filter((rows) => rows.length > 0)
    .flatMap((rows) => ["| | contracts | ms | ratio |", "|---|---|---|---|", ...rows, ""]),
  "Contracts of many lines, without the start of the process, milliseconds:",
  "",
  "| | 5,000 lines | 10,000 | 20,000 |",
  "|---|---|---|---|",
  ...(await longContracts()),
].join("\n");
writePart(join(import.meta.dirname, "results.md"), MALLCTL_HEADING, `${part}\n`);
process.stdout.write(`${part}\n`);
