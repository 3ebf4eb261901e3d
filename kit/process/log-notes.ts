import type { ConfigNote } from "@mall/kit/config";
import type { Logger } from "@mall/kit/log";

/** Tells the log what there was to say about a configuration file that could be used. */
export function logNotes(log: Logger, file: string, notes: readonly ConfigNote[]): void {
  for (const { level, text } of notes) log[level]({}, `config file ${file}: ${text}`);
}
