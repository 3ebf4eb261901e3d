import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { testText } from "../scaffold/guarantee-text.ts";
import { processTexts } from "../scaffold/process-texts.ts";
import type { ServiceNames } from "../scaffold/service-names.ts";
import { filesOf, listFiles } from "./list-files.ts";
import { type NewService, planService, testPath, thereIsOne } from "./plan-service.ts";
import { described, runLayerCommand } from "./run-layer-command.ts";
import { withStaging } from "./staging.ts";

export type { NewService } from "./plan-service.ts";

/**
 * Makes a whole service: contracts, what is generated from them, processes, logic of the contracts that are ours,
 * configuration, and a test. Outside of a mall, where no service `user` is beside it, it starts by itself and has no
 * test.
 *
 * @returns the paths of the files written.
 * @throws CommandError as planService; then nothing is written.
 */
export async function makeService(asked: NewService): Promise<string[]> {
  const { names, texts } = await planService(asked);
  const { name, dir } = asked;
  const folder = join(dir, name);
  await described(folder, () =>
    // Whole or not at all: it gets its name when it is complete.
    withStaging(dir, async (staging) => {
      const whole = join(staging, name);
      for (const [path, text] of Object.entries({ ...processTexts(names), ...texts }))
        await put(join(whole, path), text);
      await generate(whole, names);
      await rename(whole, folder).catch(unlessTaken(folder));
    }),
  );
  const written = listFiles(folder).map((path) => join(folder, path));
  const test = testPath(dir, name);
  if (!filesOf(dirname(test)).includes("support")) return written;
  await put(test, testText(names));
  return [...written, test];
}

/** Two runs may make it at once. */
function unlessTaken(folder: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST") throw thereIsOne(folder);
    throw error;
  };
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" });
}

async function generate(folder: string, { name, rpc, api }: ServiceNames): Promise<void> {
  const layers = [
    ...(rpc && rpc.tables.length > 0 ? [["model", "sql"] as const] : []),
    ...(rpc ? [["rpc", "proto"] as const] : []),
    ...(api ? [["api", "api"] as const] : []),
  ];
  for (const [layer, extension] of layers) {
    const dir = join(folder, layer);
    const contract = join(dir, `${name}.${extension}`);
    await runLayerCommand({ layer, contract, dir, scaffold: true, cache: true });
  }
}
