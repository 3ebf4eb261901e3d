import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readFlags, wholeNumberOf } from "@mall/kit/testing";
import { generateLayer } from "../codegen/commands/index.ts";
import { type ServiceLayer, serviceLayers } from "../tools/service-layers.ts";
import { bigContract } from "./mallctl/big-contracts.ts";
import { type Generator, goctl, mallctl } from "./mallctl/generators.ts";

const { values } = readFlags({
  options: {
    rounds: { type: "string", default: "5" },
    against: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write("npm run bench:mallctl -- [--rounds 5] [--against FOLDER, where another mall is]\n");
  process.exit();
}
const rounds = wholeNumberOf("--rounds", values.rounds, 1);
const root = join(import.meta.dirname, "..");
const layers = await layersIn(root);

async function layersIn(folder: string): Promise<ServiceLayer[]> {
  const services = join(folder, "services");
  return (await serviceLayers(folder)).filter(({ contract }) => contract.startsWith(services));
}

/** Both in turns, so that what else the machine does is the same to them. */
function compare(one: Generator, other: Generator, of: readonly ServiceLayer[]): void {
  const times: { readonly [name: string]: number[] } = { [one.name]: [], [other.name]: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const each of [one, other]) {
      const start = performance.now();
      each.run(of);
      times[each.name]?.push(performance.now() - start);
    }
  }
  const [left, right] = [one, other].map(({ name }) => median(times[name] ?? []));
  const ratio = ((left ?? 0) / (right ?? 1)).toFixed(2);
  process.stdout.write(
    `${of.length} contracts of the services, ${rounds} rounds: ${one.name} ${Math.round(left ?? 0)} ms, ` +
      `${other.name} ${Math.round(right ?? 0)} ms, ratio ${ratio}\n`,
  );
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

const own = mallctl("mallctl");
own.run(layers); // fills the cache of compiled modules
const theirs = goctl();
if (theirs === undefined) process.stdout.write("no goctl in PATH: not compared with it\n");
else
  compare(
    own,
    theirs,
    layers.filter(({ layer }) => theirs.layers.includes(layer)),
  );
if (values.against !== undefined) {
  const before = mallctl("the other mallctl", values.against);
  // Its own contracts: an older one does not take what has come to them since.
  const both = await layersIn(resolve(values.against));
  before.run(both);
  compare(own, before, both);
}

// What a line costs must not depend on how many there are.
const folder = mkdtempSync(join(tmpdir(), "bench-mallctl-"));
for (const [layer, extension] of [
  ["api", "api"],
  ["model", "sql"],
  ["rpc", "proto"],
] as const) {
  const said: string[] = [];
  for (const lines of [2_500, 5_000, 10_000, 20_000]) {
    const path = join(folder, `big.${extension}`);
    writeFileSync(path, bigContract(layer, lines));
    const start = performance.now();
    await generateLayer(layer, path, { cache: true });
    const took = performance.now() - start;
    if (lines > 2_500)
      said.push(`${lines} lines ${Math.round(took)} ms (${Math.round((took / lines) * 1e3)} µs each)`);
    rmSync(path);
  }
  process.stdout.write(`.${extension}: ${said.join(", ")}\n`);
}
rmSync(folder, { recursive: true });
