import { styleText } from "node:util";

/** What became of one stage of the run. */
export interface StageResult {
  readonly title: string;
  readonly outcome: "ok" | "FAILED" | "skipped";
  readonly seconds: number;
  /** Shown behind the outcome: why it was skipped, or what it works with. */
  readonly note?: string;
}

const COLOURS = { ok: "green", FAILED: "red", skipped: "yellow" } as const;

/** The line above a stage's own output. */
export function heading(title: string, position: string): string {
  return `\n${styleText("bold", `== ${title}`)} (${position})\n`;
}

/** One line for each stage with its outcome and time, for the end of the run. */
export function summary(results: readonly StageResult[], seconds: number): string {
  const width = Math.max(...results.map(({ title }) => title.length));
  const lines = results.map(({ title, outcome, seconds: spent, note }) => {
    const time = `${spent.toFixed(1)} s`.padStart(8);
    const coloured = styleText(COLOURS[outcome], outcome.padEnd(7));
    return `  ${title.padEnd(width)}  ${coloured} ${time}${note === undefined ? "" : `  ${note}`}`;
  });
  const failed = results.filter(({ outcome }) => outcome === "FAILED").length;
  const verdict = failed === 0 ? styleText("green", "all ok") : styleText("red", `${failed} FAILED`);
  return `\n${styleText("bold", "== Summary")}\n${lines.join("\n")}\n  ${verdict} after ${seconds.toFixed(1)} s\n`;
}
