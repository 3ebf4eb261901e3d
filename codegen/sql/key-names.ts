/** The names that a table's keys have so far. */
export class KeyNames {
  readonly #taken = new Set<string>();
  /** The last number that a column's name got. */
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#taken.add(name);
  }

  /** MySQL calls a key without a name after its first column, with a number where that is taken. */
  free(column: string): string {
    if (!this.#taken.has(column)) return column;
    let count = this.#counts.get(column) ?? 2;
    while (this.#taken.has(`${column}_${count}`)) count += 1;
    this.#counts.set(column, count);
    return `${column}_${count}`;
  }
}
