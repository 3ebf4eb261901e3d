const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION =
  /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*$/;
const PART = /([\d.]+)(ns|us|µs|ms|s|m|h)/g;

/**
 * Milliseconds of a duration as Go writes it, e.g. `1m30s`; a bare number counts nanoseconds. Undefined
 * for what is none, and for less than nothing.
 */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === "number") return value >= 0 && Number.isFinite(value) ? value / 1e6 : undefined;
  if (value === "0") return 0;
  if (!DURATION.test(value)) return undefined;
  let milliseconds = 0;
  for (const [, amount = "", unit = ""] of value.matchAll(PART)) {
    milliseconds += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return milliseconds;
}
