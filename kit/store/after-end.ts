import type { TransactionEnd } from "./database.ts";

/** What is to be done once a transaction has ended. */
export class AfterEnd {
  readonly #works: ((end: TransactionEnd) => Promise<void>)[] = [];

  add(work: (end: TransactionEnd) => Promise<void>): void {
    this.#works.push(work);
  }

  async run(end: TransactionEnd): Promise<void> {
    await Promise.all(this.#works.splice(0).map((work) => work(end)));
  }
}
