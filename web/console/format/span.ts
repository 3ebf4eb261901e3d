const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A length of time in its largest unit and, where it is short, milliseconds. */
export function spanText(ms: number, language: string): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ["millisecond", 1];
  const value = ms / size;
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
    style: "unit",
    unit,
    unitDisplay: language === "zh" ? "long" : "short",
    maximumFractionDigits: unit === "millisecond" || value >= 10 ? 0 : 1,
  }).format(value);
}
