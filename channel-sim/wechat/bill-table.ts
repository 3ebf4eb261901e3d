/** What every bill is: lines under their names, and totals under theirs. */
interface BillTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly totalNames: readonly string[];
  readonly totals: readonly string[];
}

/** A bill's text: a byte order mark, CRLF, a back-tick before each cell but the names, and no quoting. */
export function tableText({ columns, rows, totalNames, totals }: BillTable): string {
  const texts = [columns.join(","), ...rows.map(ticked), totalNames.join(","), ticked(totals)];
  return `\uFEFF${texts.map((text) => `${text}\r\n`).join("")}`;
}

/** A line break would end the line, and nothing can be escaped. */
function ticked(cells: readonly string[]): string {
  return cells.map((cell) => `\`${cell.replaceAll(/[\r\n]+/g, " ")}`).join(",");
}
