/** How often each of some things was seen. */
export type Tally = Readonly<Record<string, number>>;

/** Counts names. */
export function tallyOf(names: Iterable<string>): Tally {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Both together. */
export function addTallies(left: Tally, right: Tally): Tally {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** One line, the names in order. */
export function formatTally(tally: Tally): string {
  return Object.entries(tally)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
