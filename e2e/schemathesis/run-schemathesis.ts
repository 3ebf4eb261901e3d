import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

const VERSION = "4.32.5";
/** Of what is installed, and of what schemathesis writes down. */
const FOLDER = resolve(import.meta.dirname, "../../node_modules/.cache/schemathesis");
const VENV = join(FOLDER, VERSION);
const HOOKS = join(import.meta.dirname, "hooks.py");

/** Not asked for: a bank that is told to go wrong answers 5xx from then on, and a changed password ends the token. */
const LEFT_OUT = ["/sandbox/faults", "/api/user/password"];

/** How the program is called. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Run {
  readonly url: string;
  readonly token: string;
  readonly seed: number;
  readonly examples: number;
}

/** The pinned schemathesis, installed if need be; a text where it cannot be had, which says why. */
export function findSchemathesis(): Program | string {
  if (works("uvx", ["--version"]))
    return { command: "uvx", args: ["--from", `schemathesis==${VERSION}`, "schemathesis"] };
  const program = join(VENV, "bin/schemathesis");
  if (existsSync(program)) return { command: program, args: [] };
  if (!works("python3", ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"]))
    return "neither uvx nor a python3 of 3.10 or newer with venv is there";
  const isInstalled =
    works("python3", ["-m", "venv", VENV]) &&
    works(join(VENV, "bin/pip"), ["install", "--quiet", `schemathesis==${VERSION}`]);
  return isInstalled
    ? { command: program, args: [] }
    : `schemathesis ${VERSION} cannot be installed from PyPI`;
}

/** Asks all that is described; resolves with the exit code. */
export async function runSchemathesis(
  { command, args }: Program,
  { url, token, seed, examples }: Run,
): Promise<number> {
  const options = [
    ...["run", `${url}/openapi.json`, "--header", `Authorization: Bearer ${token}`, "--no-color"],
    ...["--seed", String(seed), "--max-examples", String(examples), "--generation-database", "none"],
    ...["--continue-on-failure", "--exclude-checks", "positive_data_acceptance", "--warnings", "off"],
    ...LEFT_OUT.flatMap((path) => ["--exclude-path", path]),
  ];
  const env = { ...process.env, SCHEMATHESIS_HOOKS: HOOKS, PYTHONDONTWRITEBYTECODE: "1" };
  mkdirSync(FOLDER, { recursive: true });
  const child = spawn(command, [...args, ...options], { cwd: FOLDER, stdio: "inherit", env });
  const [code]: unknown[] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
