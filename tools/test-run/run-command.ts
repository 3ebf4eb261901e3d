import { type ChildProcess, spawn } from "node:child_process";

const running = new Set<ChildProcess>();

/** Runs a program on this terminal; resolves with its exit code, 1 if it was killed or is not there. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // In a group of its own, so that a signal reaches the programs it has started in turn.
  return finish(spawn(command, args, { env, stdio: "inherit", detached: true }), command);
}

/** Runs a program and resolves with what it wrote to its standard output, undefined if it failed. */
export async function readCommand(command: string, args: readonly string[]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  return (await finish(child)) === 0 ? output : undefined;
}

/** Passes a signal on to every program that is running and to what it has started. */
export function signalCommands(signal: NodeJS.Signals): void {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, signal);
}

function finish(child: ChildProcess, announcedAs?: string): Promise<number> {
  running.add(child);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      running.delete(child);
      if (announcedAs !== undefined) process.stderr.write(`${announcedAs} did not start: ${error.message}\n`);
      resolve(1);
    });
    child.once("close", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}
