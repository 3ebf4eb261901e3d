import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const MAIN = join(import.meta.dirname, "../main.ts");

/** What a finished command left. */
export interface Finished {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Working directory; `./data` means a folder in it. */
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds; nothing by default. */
  readonly input?: string;
}

/** A command that runs, and what it has said so far. */
export interface RunningCommand {
  readonly process: ChildProcess;
  /** Resolves with the match once the output contains `pattern`; rejects if the command ends without. */
  output(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray>;
  readonly finished: Promise<Finished>;
}

/** Starts the `mall` command as a process of its own. */
export function startCommand(args: readonly string[], { cwd, env = {}, input }: RunOptions): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  const output = (name: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said[name]);
        if (match !== null) resolve(match);
      };
      child[name].on("data", look);
      child.once("close", () =>
        reject(new Error(`ended without ${pattern}:\n${said.stdout}\n${said.stderr}`)),
      );
      look();
    });
  return { process: child, output, finished };
}

/** Runs the `mall` command to its end. */
export function runMall(args: readonly string[], options: RunOptions): Promise<Finished> {
  return startCommand(args, options).finished;
}
