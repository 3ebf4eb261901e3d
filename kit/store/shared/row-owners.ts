import type { RawRow } from "../database.ts";
import type { TableSql } from "../table-sql.ts";
import type { Seat } from "./seat.ts";

/**
 * Whose rows are whose in a shared transaction. The server lets all of its members at whatever one of them has locked
 * or written; so it is looked after here that none of them touches, or even sees, what is another's.
 */
export class RowOwners {
  readonly #owners = new Map<string, Seat>();
  /** Who has decreased a row that nobody owns; none of them may know what it holds. */
  readonly #decreasers = new Map<string, Set<Seat>>();
  /** Tables with rows of which nobody knows the ids. */
  readonly #writers = new Map<string, Set<Seat>>();

  /** Makes a row a member's; false where it is another's. */
  take(seat: Seat, table: TableSql, id: unknown): boolean {
    const key = keyOf(table, id);
    if (this.#isDecreasedByOthers(seat, key)) return false;
    const owner = this.#owners.get(key);
    if (owner === undefined) this.#owners.set(key, seat);
    return owner === undefined || owner === seat;
  }

  /** Whether a member may decrease a row: also one that others have decreased. */
  mayDecrease(seat: Seat, table: TableSql, id: unknown): boolean {
    const owner = this.#owners.get(keyOf(table, id));
    return owner === undefined || owner === seat;
  }

  /** A member has decreased a row. */
  decreased(seat: Seat, table: TableSql, id: unknown): void {
    const key = keyOf(table, id);
    const seats = this.#decreasers.get(key);
    if (seats === undefined) this.#decreasers.set(key, new Set([seat]));
    else seats.add(seat);
  }

  /** Whether others have decreased a row, so that what it holds is not what is committed. */
  isDecreasedByOthers(seat: Seat, table: TableSql, id: unknown): boolean {
    return this.#isDecreasedByOthers(seat, keyOf(table, id));
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
    return ids.every((id) => {
      const key = keyOf(table, id);
      const owner = this.#owners.get(key);
      return (owner === undefined || owner === seat) && !this.#isDecreasedByOthers(seat, key);
    });
  }

  #isDecreasedByOthers(seat: Seat, key: string): boolean {
    const seats = this.#decreasers.get(key);
    return seats !== undefined && (seats.size > 1 || !seats.has(seat));
  }
}

function keyOf(table: TableSql, id: unknown): string {
  return `${table.name} ${String(id)}`;
}
