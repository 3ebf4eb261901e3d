import type { Report } from "./finding.ts";
import type { MallDatabases } from "./mall-databases.ts";

/** How the rows are judged. */
export interface Verification {
  readonly databases: MallDatabases;
  /** When it began, milliseconds since the epoch. */
  readonly now: number;
  /** For so long what follows a step may keep one waiting, milliseconds. */
  readonly olderThanMs: number;
  readonly report: Report;
  /** Told how far the work is: rows of a table that were looked at. */
  readonly progress: (table: string, rows: number) => void;
}

/** What judging needs to know of the moment. */
export type Moment = Pick<Verification, "now" | "olderThanMs">;

/** True while something may still be in between two steps. */
export function isYoung({ now, olderThanMs }: Moment, time: Date | number | undefined): boolean {
  return time !== undefined && Number(time) > now - olderThanMs;
}
