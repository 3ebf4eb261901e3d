import type { SqliteConnection, Statement, WriteResult } from "@mall/kit/store";
import type { ChangedRow, WriteWitness } from "../storage/index.ts";

/** Staff write how many pieces there are, whatever there was; orders take and give back. */
const SET_BY_STAFF = /^update ["`]product["`] set .*["`]stock["`] = \?/i;

/** Counts the pieces that staff have put into stock or taken out of it. */
export class StockWitness implements WriteWitness {
  /** Pieces by product, committed. */
  readonly #granted = new Map<number, number>();
  #seen: { readonly id: number; readonly pieces: number }[] = [];
  #seenBefore = 0;

  /** How many more pieces of a product there are than at the beginning. */
  granted(id: number): number {
    return this.#granted.get(id) ?? 0;
  }

  see(statement: Statement, connection: SqliteConnection, run: () => WriteResult): WriteResult {
    if (!SET_BY_STAFF.test(statement.sql)) return run();
    const before = stocks(connection);
    const result = run();
    for (const [id, stock] of stocks(connection)) {
      const pieces = stock - (before.get(id) ?? 0);
      if (pieces !== 0) this.#seen.push({ id, pieces });
    }
    return result;
  }

  savepoint(): void {
    this.#seenBefore = this.#seen.length;
  }

  takenBack(): void {
    this.#seen.length = this.#seenBefore;
  }

  changed({ sql, before, after }: ChangedRow): void {
    if (!SET_BY_STAFF.test(sql)) return;
    const id = Number(after.id);
    this.#granted.set(id, this.granted(id) + Number(after.stock) - Number(before.stock));
  }

  ended(isCommitted: boolean): void {
    const seen = this.#seen;
    this.#seen = [];
    if (!isCommitted) return;
    for (const { id, pieces } of seen) this.#granted.set(id, this.granted(id) + pieces);
  }
}

function stocks(connection: SqliteConnection): Map<number, number> {
  const rows = connection.read({ sql: "SELECT id, stock FROM product", parameters: [] });
  return new Map(rows.map(({ id, stock }) => [Number(id), Number(stock)]));
}
