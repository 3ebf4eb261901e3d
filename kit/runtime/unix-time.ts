/** A time as its column keeps it in every database: MySQL's has no fractions of a second. */
export function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

/** A time as messages tell it: Unix seconds, 0 for none. */
export function unixSeconds(time: Date | null): number {
  return time === null ? 0 : Math.floor(time.getTime() / 1000);
}
