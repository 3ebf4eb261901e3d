// Plain JavaScript for old runtimes: this runs on whatever Node the machine has (18 and later) and
// hands over to one that runs TypeScript.
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const NODE_MAJOR_MIN = 24;

/** From one look for the parent to the next, milliseconds. */
const PARENT_LOOK_MS = 250;

/** Signals that end a program; a launcher that dies of one alone would leave its child behind. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/**
 * Runs a TypeScript program with this process's arguments, streams, signals and exit code: on the
 * pinned Node of `node_modules`, else on the machine's own if it is new enough.
 *
 * @param {string} mainPath the program's main file
 */
export async function launch(mainPath) {
  endWithNpm();
  const pinned = findPinnedNode(dirname(mainPath));
  if (pinned !== undefined && realpathSync(pinned) !== realpathSync(process.execPath)) {
    // Where it does not start (another C library, say), the machine's own is still worth a try.
    if (await runOn(pinned, mainPath)) return;
  }
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
    process.stderr.write(
      `This needs Node ${NODE_MAJOR_MIN} or later and runs on ${process.versions.node}: run "npm ci" here, which brings one.\n`,
    );
    process.exitCode = 1;
    return;
  }
  // Keeps stripped and compiled modules between runs, so that a later start needs no TypeScript compiler in memory.
  const cache = process.env.NODE_COMPILE_CACHE ?? cacheFolder();
  if (cache !== undefined) nodeModule.enableCompileCache?.(cache);
  process.argv[1] = mainPath;
  await import(pathToFileURL(mainPath).href);
}

/**
 * Ends this process where npm, which started it, has ended: npm hands a signal to the shell between the two, and the
 * shell dies of it alone.
 */
function endWithNpm() {
  if (process.env.npm_command === undefined && process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(look);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_LOOK_MS);
  look.unref();
}

/** The Node that npm installed as a dependency, in the nearest `node_modules` upward. */
function findPinnedNode(folder) {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const path = join(folder, "node_modules", `node-${platform}-${process.arch}`, "bin", file);
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : findPinnedNode(parent);
}

/**
 * Where Node keeps compiled modules by default; undefined where it cannot be made. Node's own way of making it never
 * ends where a file system, as /proc, has no place for new folders, and a start without it is no more than slower.
 */
function cacheFolder() {
  const folder = join(tmpdir(), "node-compile-cache");
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== "EEXIST") return undefined;
  }
  return folder;
}

/** Runs the program to its end on that Node, with this one's flags; false where that Node cannot start. */
async function runOn(node, mainPath) {
  // Loaded only here: it takes a tenth of the time of a short command.
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const args = [...process.execArgv, mainPath, ...process.argv.slice(2)];
    const cache = cacheFolder();
    const env = { ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }), ...process.env };
    const child = spawn(node, args, { stdio: "inherit", env });
    const forward = (signal) => {
      // A terminal has sent Ctrl-C to the child as well; a second one would mean "at once".
      const fromTerminal = process.stdin.isTTY && (signal === "SIGINT" || signal === "SIGQUIT");
      if (!fromTerminal) child.kill(signal);
    };
    for (const signal of SIGNALS) if (signal in constants.signals) process.on(signal, forward);
    const finish = (started) => {
      for (const signal of SIGNALS) process.removeListener(signal, forward);
      resolve(started);
    };
    child.once("error", () => finish(false));
    child.once("exit", (code, signal) => {
      finish(true);
      // Ends the way the child did, so that a shell or supervisor sees what happened.
      if (signal === null) process.exitCode = code;
      else process.kill(process.pid, signal);
    });
  });
}
