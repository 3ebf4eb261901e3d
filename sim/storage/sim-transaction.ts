import {
  createKysely,
  type RawRow,
  rowStatements,
  type Statement,
  type TimeText,
  type Transaction,
  type TransactionEnd,
  type WriteResult,
} from "@mall/kit/store";
import type { StorageHost } from "./storage-host.ts";

/** A transaction between whose statements others get their turn, and the process may die. */
export class SimTransaction implements Transaction {
  readonly query: Transaction["query"];
  readonly rows = rowStatements(this);
  readonly #tx: Transaction;
  readonly #host: StorageHost;
  readonly #outcome: { readonly isLost: boolean };

  constructor(
    tx: Transaction,
    options: {
      readonly host: StorageHost;
      readonly times: TimeText;
      /** `isLost`: the process does not learn how the transaction ended. */
      readonly outcome: { readonly isLost: boolean };
    },
  ) {
    this.#tx = tx;
    this.#host = options.host;
    this.#outcome = options.outcome;
    this.query = createKysely("sqlite", this, options.times);
  }

  async read(statement: Statement): Promise<readonly RawRow[]> {
    await this.#host.turn(() => `reads in tx ${statement.sql} [${statement.parameters.join()}]`);
    return this.#tx.read(statement);
  }

  async write(statement: Statement): Promise<WriteResult> {
    await this.#host.turn(() => `writes in tx ${statement.sql} [${statement.parameters.join()}]`);
    return this.#tx.write(statement);
  }

  afterEnd(work: (end: TransactionEnd) => Promise<void>): void {
    this.#tx.afterEnd((end) => work(this.#outcome.isLost ? "unknown" : end));
  }
}
