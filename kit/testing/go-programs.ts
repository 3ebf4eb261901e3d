import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import type { Skipped } from "./mariadb.ts";

const run = promisify(execFile);

/** With cold Go caches a build takes minutes, more so while other tests use the processors. */
const BUILD_MS_MAX = 30 * 60_000;

/** A Go program that is built once for each of its module files. */
export interface GoSources {
  /** Names a folder of prebuilt programs, which are used instead. */
  readonly variable: string;
  /** Where its sources and module files are. */
  readonly folder: string;
  /** Where the programs are put; anything else there is removed. */
  readonly output: string;
}

/**
 * The folder with the programs, each named after its module file (`current` for `current.mod`): the one that
 * the variable names, else one that is built, unless that was done before.
 *
 * Skipped where Go is missing, too old or cannot get the modules: nobody needs Go for a mall.
 *
 * @throws Error with what the compiler said.
 */
export async function buildGoPrograms(sources: GoSources): Promise<string | Skipped> {
  const given = process.env[sources.variable];
  if (given !== undefined) return given;
  const go = findGo();
  if (go === undefined) return { skipped: `go is not installed and ${sources.variable} is not set` };
  const target = join(sources.output, await fingerprint(go, sources.folder));
  if (existsSync(target)) return target;
  const building = `${target}.${process.pid}`;
  try {
    mkdirSync(building, { recursive: true });
    for (const module of moduleFiles(sources.folder)) {
      const missing = await fetchModules(go, sources.folder, module);
      if (missing !== undefined) return { skipped: missing };
      await build(go, sources.folder, { module, output: join(building, module.replace(/\.mod$/, "")) });
    }
    keep(building, target);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return target;
}

function findGo(): string | undefined {
  return findProgram("go", ["/usr/local/go/bin"]);
}

function moduleFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".mod"));
}

/** A hash of compiler and sources, so that stale programs are not reused. */
async function fingerprint(go: string, folder: string): Promise<string> {
  const hash = createHash("sha256").update((await run(go, ["version"])).stdout);
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

/** Why the modules cannot be fetched; undefined if they can. */
async function fetchModules(go: string, cwd: string, module: string): Promise<string | undefined> {
  try {
    await run(go, ["mod", "download", `-modfile=${module}`], { cwd, timeout: BUILD_MS_MAX });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    return `go cannot get the modules of ${module}: ${said.trim().split("\n").at(-1)}`;
  }
}

async function build(
  go: string,
  cwd: string,
  { module, output }: { readonly module: string; readonly output: string },
): Promise<void> {
  const options = [`-modfile=${module}`, "-buildvcs=false", "-ldflags=-s -w", "-o", output];
  await run(go, ["build", ...options, "."], { cwd, timeout: BUILD_MS_MAX });
}

/** Moves the build into place, unless another process has finished the same one meanwhile. */
function keep(building: string, target: string): void {
  const output = join(target, "..");
  for (const name of readdirSync(output)) {
    if (/^[0-9a-f]{16}$/.test(name) && join(output, name) !== target) {
      rmSync(join(output, name), { recursive: true, force: true });
    }
  }
  try {
    renameSync(building, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}
