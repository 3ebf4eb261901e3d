import { AfterEnd } from "../after-end.ts";
import type { RowTransaction, TransactionEnd } from "../database.ts";
import type { RowStatements } from "../row-statements.ts";

/** What somebody's work in a shared transaction came to, before that is committed. */
export type Worked = { readonly value: unknown } | { readonly error: unknown };

/** The place of one member's work in a transaction that it shares. */
export class Seat implements RowTransaction {
  readonly rows: RowStatements;
  readonly #afterEnd = new AfterEnd();
  /** Whether a statement of its may have changed something. */
  wrote = false;
  /** Whether it wanted a row that is another's in this transaction. */
  isEvicted = false;
  #worked: Worked | undefined;

  /** `statementsOf` gives it its part in the statements of all members. */
  constructor(statementsOf: (seat: Seat) => RowStatements) {
    this.rows = statementsOf(this);
  }

  /** What its work came to; undefined while that goes on. */
  get worked(): Worked | undefined {
    return this.#worked;
  }

  afterEnd(work: (end: TransactionEnd) => Promise<void>): void {
    this.#afterEnd.add(work);
  }

  /** Never rejects. */
  async run(work: (tx: RowTransaction) => Promise<unknown>): Promise<void> {
    try {
      this.#worked = { value: await work(this) };
    } catch (error) {
      this.#worked = { error };
    }
  }

  /** Does what waits for the end. */
  settle(end: TransactionEnd): Promise<void> {
    return this.#afterEnd.run(end);
  }
}
