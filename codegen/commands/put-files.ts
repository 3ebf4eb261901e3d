import { chmod, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, withStaging } from "./staging.ts";

/** A text and where it goes. */
export interface TextFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Writes files, each at once and whole: whenever the process is killed, a path leads to all of its old text or to all
 * of the new one. All are complete before the first gets its name.
 *
 * @param folder one of the file system of the files.
 */
export async function putFiles(folder: string, files: readonly TextFile[]): Promise<void> {
  if (files.length === 0) return;
  await withStaging(folder, async (staging) => {
    const parts = await Promise.all(files.map((file, index) => complete(file, join(staging, `${index}`))));
    for (const { part, path } of parts) await rename(part, path);
  });
}

interface Part {
  readonly part: string;
  readonly path: string;
}

/** A file that there is keeps its place, where a link leads to it, and its mode. */
async function complete({ path: named, content }: TextFile, part: string): Promise<Part> {
  const path = await realpath(named).catch(() => named);
  const mode = await stat(path).then(
    (found) => found.mode,
    () => undefined,
  );
  await writeFile(part, content);
  if (mode !== undefined) await chmod(part, mode);
  await makeFolder(dirname(path));
  return { part, path };
}
