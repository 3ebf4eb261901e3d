import type { Row } from "./put-comments.ts";

/**
 * The text of rows. As Go's tabwriter has it, a cell that another follows is as wide as the widest of those that stand
 * right above and below it.
 */
export function align(rows: readonly Row[]): string {
  const widths = rows.map(({ cells }) => cells.map((cell) => [...cell].length));
  const last = Math.max(0, ...rows.map(({ cells }) => cells.length)) - 1;
  for (let column = 0; column < last; column += 1) widenColumn(rows, widths, column);
  return rows.map((row, index) => rowText(row, widths[index] ?? [])).join("");
}

function widenColumn(rows: readonly Row[], widths: readonly number[][], column: number): void {
  let start = 0;
  for (let index = 0; index <= rows.length; index += 1) {
    if (index < rows.length && isPart(rows, index, column) && (index === start || !rows[index]?.gap))
      continue;
    widen(widths.slice(start, index), column);
    start = index < rows.length && isPart(rows, index, column) ? index : index + 1;
  }
}

function isPart(rows: readonly Row[], index: number, column: number): boolean {
  return (rows[index]?.cells.length ?? 0) > column + 1;
}

function widen(block: readonly number[][], column: number): void {
  const widest = Math.max(...block.map((widths) => widths[column] ?? 0));
  for (const widths of block) widths[column] = widest;
}

function rowText({ depth, cells, gap }: Row, widths: readonly number[]): string {
  const padded = cells.map((cell, index) =>
    index === cells.length - 1 ? cell : cell + " ".repeat((widths[index] ?? 0) - [...cell].length),
  );
  return `${gap ? "\n" : ""}${"\t".repeat(depth)}${padded.join(" ")}\n`;
}
