import type { LogFields, Logger, ProcessLogger } from "@mall/kit/log";
import type { Kernel } from "../kernel/index.ts";

/** The log of a process, as lines of the timeline. An error that nobody foresaw ends the run. */
export function createSimLog(kernel: Kernel, name: string): Logger {
  const line =
    (level: string) =>
    (fields: LogFields, message: string): void => {
      kernel.detail(name, () => `log ${level}: ${message} ${textOf(fields)}`);
      if (level === "error" && message === "call failed") {
        kernel.fail(
          new Error(`${name} answered an internal error: ${textOf(fields)}`, { cause: fields.error }),
        );
      }
    };
  const log: ProcessLogger = {
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    slow: line("slow"),
    error: line("error"),
    child: () => log,
  };
  return log;
}

function textOf(fields: LogFields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
