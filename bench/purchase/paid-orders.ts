import { setTimeout } from "node:timers/promises";
import { places, type StatementRunner } from "@mall/kit/store";

/** From one look to the next, milliseconds. */
const PAUSE_MS = 10;
/** Longer than the time after which a mall asks its channels by itself, milliseconds. */
const WAIT_MS_MAX = 30_000;
const PAID = 1;

interface Waiting {
  readonly until: number;
  readonly paid: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * Tells when orders are paid, by a look into the database for all that wait: a client who asked the mall again and
 * again would be more of its work than the purchase.
 */
export class PaidOrders {
  readonly #database: StatementRunner;
  readonly #waiting = new Map<number, Waiting>();

  constructor(database: StatementRunner) {
    this.#database = database;
  }

  /** @throws Error where it is not paid within half a minute. */
  whenPaid(oid: number): Promise<void> {
    return new Promise((paid, failed) => {
      this.#waiting.set(oid, { until: performance.now() + WAIT_MS_MAX, paid, failed });
      if (this.#waiting.size === 1) void this.#look();
    });
  }

  async #look(): Promise<void> {
    while (this.#waiting.size > 0) {
      await setTimeout(PAUSE_MS);
      await this.#lookOnce().catch((error: Error) => this.#end(() => true, error));
    }
  }

  async #lookOnce(): Promise<void> {
    const ids = [...this.#waiting.keys()];
    const sql = `SELECT id FROM \`order\` WHERE status = ${PAID} AND id IN (${places(ids)})`;
    for (const { id } of await this.#database.read({ sql, parameters: ids })) {
      const oid = Number(id);
      this.#waiting.get(oid)?.paid();
      this.#waiting.delete(oid);
    }
    const now = performance.now();
    this.#end(({ until }) => until < now, new Error(`an order was not paid ${WAIT_MS_MAX / 1000} s later`));
  }

  #end(isOver: (waiting: Waiting) => boolean, error: Error): void {
    for (const [oid, waiting] of this.#waiting) {
      if (!isOver(waiting)) continue;
      this.#waiting.delete(oid);
      waiting.failed(error);
    }
  }
}
