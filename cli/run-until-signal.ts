import { writeSync } from "node:fs";
import type { RunningProcess } from "@mall/kit/process";

/** Shells read 128 + signal number as "ended by that signal". */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Keeps a process serving until Ctrl-C or SIGTERM, lets requests in flight finish and exits with 0. A
 * second signal ends it at once.
 */
export function runUntilSignal(running: RunningProcess): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(EXIT_CODES[signal]);
      stopping = true;
      say("stopping: requests in flight finish first (again to stop at once)\n");
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`mall: stopping failed: ${error instanceof Error ? error.message : "unknown"}\n`);
          process.exit(1);
        },
      );
    });
  }
}

/** Whatever becomes of the words, as on a full disk: the process stops as it should. */
function say(text: string): void {
  try {
    writeSync(process.stderr.fd, text);
  } catch {
    // Nobody can be told.
  }
}
