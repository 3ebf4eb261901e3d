import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type GeneratedLayer, isGenerated } from "../emit/index.ts";
import { listFiles } from "./list-files.ts";
import type { TextFile } from "./put-files.ts";

/** A file in `gen/` that the next run would lose. */
export class ForeignFileError extends Error {
  constructor(path: string) {
    super(`${path}: not made by mallctl; move it out of gen/, which is rewritten at every run`);
    this.name = "ForeignFileError";
  }
}

/**
 * Writes a layer into its folder: `gen/` so that nothing stale stays, and scaffolds only where nothing is yet. What is
 * the same already is left alone.
 *
 * @returns the paths of the files of `gen/`, and of the scaffolds that were written.
 * @throws ForeignFileError, before anything is touched, where `gen/` holds a file of somebody else.
 */
export async function writeLayer(
  layer: GeneratedLayer,
  dir: string,
  options: { readonly scaffold: boolean },
): Promise<string[]> {
  const before = readGenerated(join(dir, "gen"));
  const files = filesOf(layer, dir, options);
  const changed = files.filter(({ path, content }) => before.get(path) !== content);
  if (changed.length > 0) {
    const { putFiles } = await import("./put-files.ts");
    await putFiles(dir, changed);
  }
  const paths = files.map(({ path }) => path);
  const stale = [...before.keys()].filter((path) => !paths.includes(path));
  for (const path of stale) rmSync(path, { force: true });
  return paths;
}

/**
 * The paths of the files that `writeLayer` would write.
 *
 * @throws ForeignFileError as writeLayer
 */
export function planLayer(
  layer: GeneratedLayer,
  dir: string,
  options: { readonly scaffold: boolean },
): string[] {
  readGenerated(join(dir, "gen"));
  return filesOf(layer, dir, options).map(({ path }) => path);
}

/** Those of `gen/`, and the scaffolds that are missing. */
function filesOf(
  layer: GeneratedLayer,
  dir: string,
  { scaffold }: { readonly scaffold: boolean },
): TextFile[] {
  const placed = ({ path, content }: TextFile): TextFile => ({ path: join(dir, path), content });
  const scaffolds = scaffold ? layer.scaffolds.map(placed) : [];
  return [...layer.generated.map(placed), ...scaffolds.filter(({ path }) => !existsSync(path))];
}

/** The text of each file by its path. */
function readGenerated(gen: string): Map<string, string> {
  const before = new Map<string, string>();
  for (const file of listFiles(gen)) {
    const path = join(gen, file);
    const text = textUnlessGone(path);
    if (text === undefined) continue;
    if (!isGenerated(text)) throw new ForeignFileError(path);
    before.set(path, text);
  }
  return before;
}

/** Another run may remove what is stale at the same time. */
function textUnlessGone(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
