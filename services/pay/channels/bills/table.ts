/** The cells of a line by the names of their columns. */
export type Cells = ReadonlyMap<string, string>;

/**
 * Puts the names of a table's first line to the cells of another. Bills quote nothing, so that a buyer's or seller's
 * text may hold what separates cells: those in excess then belong to the one column that is free text.
 *
 * @param free the column of such texts.
 * @returns undefined where the cells are fewer than the names, or in excess with no such column.
 */
export function cellsByName(
  names: readonly string[],
  cells: readonly string[],
  free: string,
): Cells | undefined {
  const excess = cells.length - names.length;
  const at = names.indexOf(free);
  if (excess < 0 || (excess > 0 && at < 0)) return undefined;
  return new Map(names.map((name, index) => [name, cells[index > at ? index + excess : index] ?? ""]));
}
