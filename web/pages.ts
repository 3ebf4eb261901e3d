import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const BUILT = join(import.meta.dirname, "dist");
/** Far more than it takes, milliseconds: about two seconds. */
const BUILD_MS_MAX = 120_000;

/** Folder of the pages that today's sources are built to, whether they are or not yet. */
export function pagesFolder(): string {
  return join(BUILT, sourceMark());
}

/** The same for the same sources, and another when any of them is another. */
function sourceMark(): string {
  const hash = createHash("sha256");
  for (const path of sourcePaths()) {
    const text = readFileSync(join(import.meta.dirname, path));
    hash.update(`${path}\0${text.byteLength}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 16);
}

function sourcePaths(): string[] {
  const paths = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  return paths
    .map((path) => path.replaceAll("\\", "/"))
    .filter(
      (path) => /\.(tsx?|css|html|json)$/.test(path) && !/^(dist|node_modules)\/|\.test\.tsx?$/.test(path),
    )
    .sort();
}

/**
 * Builds the pages unless they are built from today's sources, in a process of its own. `begins` is called before.
 *
 * @throws Error of the builder, e.g. where it is not installed.
 */
export async function preparePages(begins: () => void): Promise<void> {
  if (existsSync(pagesFolder())) return;
  begins();
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "build.ts")], {
    cwd: dirname(import.meta.dirname),
    timeout: BUILD_MS_MAX,
  });
}
