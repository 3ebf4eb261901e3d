import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const ROOT = dirname(import.meta.dirname);
/** What the console has of the rest: the clients of the apis, and what those stand on. */
const CLIENTS = /^(services\/[^/]+\/api\/gen\/client|kit\/(rest|errors)\/[^/]+)\.ts$/;
const BUILT = join(import.meta.dirname, "dist");
/** Far more than it takes, milliseconds: some seconds. */
const BUILD_MS_MAX = 120_000;

/** Folder of the pages that today's sources are built to, whether they are or not yet. */
export function pagesFolder(): string {
  return join(BUILT, sourceMark());
}

/** The same for the same sources, and another when any of them is another. */
function sourceMark(): string {
  const hash = createHash("sha256");
  for (const path of sourcePaths()) {
    const text = readFileSync(join(ROOT, path));
    hash.update(`${path}\0${text.byteLength}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 16);
}

function sourcePaths(): string[] {
  const services = readdirSync(join(ROOT, "services")).map((name) => `services/${name}/api/gen`);
  const clients = [...services, "kit/rest", "kit/errors"].flatMap((folder) => filesIn(folder, CLIENTS));
  return [...filesIn("web", /\.(tsx?|css|html|json)$/), ...clients]
    .filter((path) => !/^web\/(dist|node_modules)\/|\.test\.tsx?$/.test(path))
    .sort();
}

/** Paths from the root of what matches, in a folder and below it; none where there is no such folder. */
function filesIn(folder: string, pattern: RegExp): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return paths.map((path) => `${folder}/${path.replaceAll("\\", "/")}`).filter((path) => pattern.test(path));
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
    cwd: ROOT,
    timeout: BUILD_MS_MAX,
  });
}
