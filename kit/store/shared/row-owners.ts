import type { RawRow } from "../statement.ts";
import type { TableSql } from "../table-sql.ts";
import type { Seat } from "./seat.ts";

/**
 * Whose rows are whose in a shared transaction. The server lets all of its members at whatever one of them has locked
 * or written; so it is looked after here that none of them touches, or even sees, what is another's.
 */
export class RowOwners {
  readonly #owners = new Map<string, Seat>();
  /** Tables with rows of which nobody knows the ids. */
  readonly #writers = new Map<string, Set<Seat>>();

  /** Makes a row a member's; false where it is another's. */
  take(seat: Seat, table: TableSql, id: unknown): boolean {
    const key = keyOf(table, id);
    const owner = this.#owners.get(key);
    if (owner === undefined) this.#owners.set(key, seat);
    return owner === undefined || owner === seat;
  }

  /**
   * Whether a member may decrease a row, which makes it nobody's: others may decrease it too, or read what is left, as
   * all of it is committed together or not at all.
   */
  mayDecrease(seat: Seat, table: TableSql, id: unknown): boolean {
    return this.#isFree(seat, table, id);
  }

  /** A member wrote rows without learning their ids. */
  wrote(seat: Seat, table: TableSql): void {
    const writers = this.#writers.get(table.name);
    if (writers === undefined) this.#writers.set(table.name, new Set([seat]));
    else writers.add(seat);
  }

  /** Whether a member may see these rows; those that it has locked become its own. */
  mayHave(
    seat: Seat,
    table: TableSql,
    { rows, locks }: { readonly rows: readonly RawRow[]; readonly locks: boolean },
  ): boolean {
    const writers = this.#writers.get(table.name);
    if (writers !== undefined && rows.length > 0 && (writers.size > 1 || !writers.has(seat))) return false;
    const ids = rows.map((row) => row[table.primary.name]);
    if (locks) return ids.every((id) => this.take(seat, table, id));
    return ids.every((id) => this.#isFree(seat, table, id));
  }

  #isFree(seat: Seat, table: TableSql, id: unknown): boolean {
    const owner = this.#owners.get(keyOf(table, id));
    return owner === undefined || owner === seat;
  }
}

function keyOf(table: TableSql, id: unknown): string {
  return `${table.name} ${String(id)}`;
}
