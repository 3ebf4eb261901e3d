import { ContractError } from "./contract-error.ts";

/** More than that nobody reads at once. */
const ERRORS_MAX = 100;

/** Collects what is wrong with a contract, so that all of it is told at once. */
export class Problems {
  readonly #errors: ContractError[] = [];
  /** What is odd, and does no harm. */
  readonly warnings: ContractError[] = [];

  get count(): number {
    return this.#errors.length;
  }

  /** What `work` gives; undefined where it finds an error of the contract, which is kept. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.add(error);
      return undefined;
    }
  }

  /**
   * Keeps an error of the contract: one at each place, since what is said of it later follows from the first.
   *
   * @throws any other, and all of them where there are too many.
   */
  add(error: unknown): void {
    if (!(error instanceof ContractError)) throw error;
    for (const each of [error, ...error.others]) {
      if (!this.#errors.some((known) => isSamePlace(known, each))) this.#errors.push(each);
    }
    if (this.#errors.length >= ERRORS_MAX) this.throwAny();
  }

  /** @throws ContractError, the first by its place with all others, where there is one. */
  throwAny(): void {
    const files = [...new Set(this.#errors.map(({ file }) => file))];
    const [first, ...others] = this.#errors.toSorted(
      (one, other) =>
        files.indexOf(one.file) - files.indexOf(other.file) ||
        one.position.line - other.position.line ||
        one.position.column - other.position.column,
    );
    if (first !== undefined) throw new ContractError(first.file, first.position, first.detail, others);
  }
}

function isSamePlace(one: ContractError, other: ContractError): boolean {
  const { position: left } = one;
  const { position: right } = other;
  return one.file === other.file && left.line === right.line && left.column === right.column;
}
