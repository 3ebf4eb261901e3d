/** Lets pieces of work on the same key run one after the other, in the order they came. */
export class Turns {
  /** The end of the last piece of work in line, by key. */
  readonly #lines = new Map<string, Promise<void>>();

  /** Runs `work` when all earlier work on `key` has ended, however it ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(key);
    const result = before === undefined ? work() : before.then(work);
    const end = result.then(
      () => {},
      () => {},
    );
    this.#lines.set(key, end);
    try {
      return await result;
    } finally {
      if (this.#lines.get(key) === end) this.#lines.delete(key);
    }
  }
}
