import { LATE_MS_MAX } from "@mall/pay/model/attempt-state";
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

/**
 * True while what is past its end may still be about to be closed: an order with its payment, that with its last
 * attempt, and an attempt of which its channel has not heard a while after its end.
 */
export function isEnding({ now, olderThanMs }: Moment, end: Date): boolean {
  return isYoung({ now: now - LATE_MS_MAX, olderThanMs }, end);
}
