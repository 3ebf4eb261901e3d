import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 2;

/**
 * Stops a process in the middle of whatever it does and waits until it stands still: a busy machine lets its threads
 * answer for a while after the signal. Where there is no `/proc`, the signal must do.
 */
export async function freezeProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  while (!readdirSync(tasks).every((task) => isStopped(`${tasks}/${task}/stat`))) await sleep(POLL_MS);
}

/** Lets it go on. */
export function thawProcess(pid: number): void {
  process.kill(pid, "SIGCONT");
}

/** The state is the first word behind the name, which may hold brackets and spaces itself. */
function isStopped(path: string): boolean {
  const stat = readFileSync(path, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
}
