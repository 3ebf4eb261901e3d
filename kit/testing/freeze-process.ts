import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 2;

/**
 * Stops a process in mid-work and waits until it has stopped: on a busy machine its threads may go on answering for a
 * while after the signal. Without `/proc` the signal alone must do.
 */
export async function freezeProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  while (!readdirSync(tasks).every((task) => isStopped(`${tasks}/${task}/stat`))) await sleep(POLL_MS);
}

/** Resumes it. */
export function thawProcess(pid: number): void {
  process.kill(pid, "SIGCONT");
}

/** The state is the first word after the name, which may itself contain brackets and spaces. */
function isStopped(path: string): boolean {
  const stat = readFileSync(path, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
}
