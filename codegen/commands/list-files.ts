import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every file under a folder, relative to it and sorted; none where there is no such folder. */
export function listFiles(folder: string): string[] {
  try {
    return filesWithin(folder, "").sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function filesWithin(folder: string, within: string): string[] {
  return readdirSync(join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const path = join(within, entry.name);
    return entry.isDirectory() ? filesWithin(folder, path) : [path];
  });
}

/** None for what is not there, or no folder. */
export function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
