import { hashText } from "./random.ts";

/** One line of what happened. */
export interface TimelineEntry {
  /** Virtual milliseconds since the start of the run. */
  readonly at: number;
  /** The process, actor or part of the world that it happened to. */
  readonly who: string;
  readonly what: string;
}

/**
 * What happened in a run, in order. A number of all of it is always kept, so that two runs can be compared; the
 * lines themselves only where somebody is going to read them.
 */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  /** Whether lines are kept. */
  readonly records: boolean;
  #hash = hashText("");
  #count = 0;

  constructor(options: { readonly records: boolean }) {
    this.records = options.records;
  }

  add(at: number, who: string, what: string): void {
    this.#hash = hashText(what, hashText(who, (this.#hash + Math.floor(at * 1000)) | 0));
    this.#count += 1;
    if (this.records) this.entries.push({ at, who, what });
  }

  /** A line that costs something to write: only where lines are kept. */
  detail(at: number, who: string, what: () => string): void {
    if (this.records) this.entries.push({ at, who, what: what() });
  }

  /** The same for two runs in which the same happened. */
  get fingerprint(): string {
    return `${this.#count}:${this.#hash.toString(16).padStart(8, "0")}`;
  }
}

/** The lines of a timeline as one reads them. */
export function formatTimeline(entries: readonly TimelineEntry[]): string {
  return entries
    .map(({ at, who, what }) => `${at.toFixed(3).padStart(12)}  ${who.padEnd(12)}  ${what}\n`)
    .join("");
}
