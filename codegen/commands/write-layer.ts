import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GeneratedFile, GeneratedLayer } from "../emit/index.ts";

/**
 * Writes a layer into its folder: `gen/` anew, so that nothing stale stays, and scaffolds only where
 * nothing is yet.
 *
 * @returns the paths of the files written.
 */
export async function writeLayer(
  layer: GeneratedLayer,
  dir: string,
  options: { readonly scaffold: boolean },
): Promise<string[]> {
  await rm(join(dir, "gen"), { recursive: true, force: true });
  const written: string[] = [];
  for (const file of layer.generated) {
    if (await writeGenerated(file, dir, "w")) written.push(join(dir, file.path));
  }
  for (const file of options.scaffold ? layer.scaffolds : []) {
    if (await writeGenerated(file, dir, "wx")) written.push(join(dir, file.path));
  }
  return written;
}

/** With flag `wx` a file that exists stays as it is; then the answer is false. */
async function writeGenerated(file: GeneratedFile, dir: string, flag: "w" | "wx"): Promise<boolean> {
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
