import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type GeneratedFile, type GeneratedLayer, isGenerated } from "../emit/index.ts";
import { listFiles } from "./list-files.ts";

/** A file in `gen/` that the next run would lose. */
export class ForeignFileError extends Error {
  constructor(path: string) {
    super(`${path}: not made by mallctl; move it out of gen/, which is rewritten at every run`);
    this.name = "ForeignFileError";
  }
}

/**
 * Writes a layer into its folder: `gen/` anew, so that nothing stale stays, and scaffolds only where
 * nothing is yet.
 *
 * @returns the paths of the files written.
 * @throws ForeignFileError, before anything is touched, where `gen/` holds a file of somebody else.
 */
export async function writeLayer(
  layer: GeneratedLayer,
  dir: string,
  options: { readonly scaffold: boolean },
): Promise<string[]> {
  await removeGenerated(join(dir, "gen"));
  const written: string[] = [];
  for (const file of layer.generated) {
    if (await writeText(file, dir, "w")) written.push(join(dir, file.path));
  }
  for (const file of options.scaffold ? layer.scaffolds : []) {
    if (await writeText(file, dir, "wx")) written.push(join(dir, file.path));
  }
  return written;
}

/**
 * The paths of the files that `writeLayer` would write.
 *
 * @throws ForeignFileError as writeLayer
 */
export async function planLayer(
  layer: GeneratedLayer,
  dir: string,
  options: { readonly scaffold: boolean },
): Promise<string[]> {
  await refuseForeign(join(dir, "gen"));
  const scaffolds = options.scaffold ? layer.scaffolds : [];
  const missing = scaffolds.filter(({ path }) => !existsSync(join(dir, path)));
  return [...layer.generated, ...missing].map(({ path }) => join(dir, path));
}

async function removeGenerated(gen: string): Promise<void> {
  await refuseForeign(gen);
  await rm(gen, { recursive: true, force: true });
}

async function refuseForeign(gen: string): Promise<void> {
  for (const file of await listFiles(gen)) {
    const path = join(gen, file);
    if (!isGenerated(await readFile(path, "utf8"))) throw new ForeignFileError(path);
  }
}

/** With flag `wx` a file that exists stays as it is; then the answer is false. */
async function writeText(file: GeneratedFile, dir: string, flag: "w" | "wx"): Promise<boolean> {
  const path = join(dir, file.path);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, file.content, { flag });
    return true;
  } catch (error) {
    if (flag === "wx" && (error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
