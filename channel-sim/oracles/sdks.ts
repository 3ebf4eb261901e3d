import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const HERE = import.meta.dirname;
const CACHE = resolve(HERE, "../../node_modules/.cache/mall-oracles");
const INSTALL_MS_MAX = 10 * 60_000;
const JAVA = ["AlipayJava.java", "WechatJava.java"];
const COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** How a script is run with the vendors' SDKs of a language; or why it cannot be. */
export type Sdks =
  | { readonly command: (script: string) => readonly [string, ...string[]]; readonly env: NodeJS.ProcessEnv }
  | { readonly skipped: string };

/** The SDKs of npm, pinned, beside this repository's own packages. */
export function npmSdks(): Promise<Sdks> {
  return installed("npm", ["npm-packages.json"], async (folder) => {
    copyFileSync(join(HERE, "npm-packages.json"), join(folder, "package.json"));
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], within(folder));
  }).then((folder) =>
    typeof folder === "string"
      ? { command: (script) => [process.execPath, join(HERE, script)], env: { ORACLE_FOLDER: folder } }
      : folder,
  );
}

/** The SDKs of PyPI, in an environment of their own. */
export function pythonSdks(): Promise<Sdks> {
  return installed("python", ["requirements.txt"], async (folder) => {
    await run("python3", ["-m", "venv", folder], within(folder));
    const args = ["install", "--quiet", "--disable-pip-version-check", "-r", join(HERE, "requirements.txt")];
    await run(join(folder, "bin/python"), ["-m", "pip", ...args], within(folder));
  }).then((folder) =>
    typeof folder === "string"
      ? {
          command: (script) => [join(folder, "bin/python"), join(HERE, script)],
          env: { PYTHONDONTWRITEBYTECODE: "1" },
        }
      : folder,
  );
}

/** The SDKs of Maven, and the scripts compiled. */
export function javaSdks(): Promise<Sdks> {
  return installed("java", ["pom.xml", ...JAVA], async (folder) => {
    copyFileSync(join(HERE, "pom.xml"), join(folder, "pom.xml"));
    await run("mvn", ["-q", "-B", COPY_DEPENDENCIES, "-DoutputDirectory=lib"], within(folder));
    const sources = JAVA.map((name) => join(HERE, name));
    await run("javac", ["-encoding", "UTF-8", "-cp", "lib/*", "-d", "classes", ...sources], within(folder));
  }).then((folder) =>
    typeof folder === "string"
      ? {
          command: (script) => [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            // Whatever the locale is: what they tell is read as UTF-8.
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-cp",
            [join(folder, "classes"), join(folder, "lib/*")].join(":"),
            script.replace(/\.java$/, ""),
          ],
          env: {},
        }
      : folder,
  );
}

function within(cwd: string) {
  return { cwd, timeout: INSTALL_MS_MAX };
}

/** The folder with what `install` puts there, unless that was done before with the same files. */
async function installed(
  language: string,
  files: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string | { readonly skipped: string }> {
  const hash = createHash("sha256");
  for (const name of files) hash.update(readFileSync(join(HERE, name)));
  const target = join(CACHE, `${language}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(join(target, "complete"))) return target;
  // A Python environment knows its own path, so it is made where it stays.
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  try {
    await install(target);
  } catch (error) {
    return { skipped: `the SDKs for ${language} cannot be had: ${lastLineOf(error)}` };
  }
  mkdirSync(join(target, "complete"));
  forgetOthers(language, target);
  return target;
}

/** Removes what earlier versions of the pins have left. */
function forgetOthers(language: string, target: string): void {
  for (const name of readdirSync(CACHE)) {
    const folder = join(CACHE, name);
    if (name.startsWith(`${language}-`) && folder !== target)
      rmSync(folder, { recursive: true, force: true });
  }
}

function lastLineOf(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  return said.trim().split("\n").at(-1) || String(error);
}
