/** Places for attempts that go on at the same time; more wait in the order of asking. */
export class JobSlots {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #closed = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** Attempts that go on or wait for a place. */
  get held(): number {
    return this.#taken + this.#waiting.length;
  }

  /** Runs `work` in a place of its own once there is one; undefined if there is to be none any more. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#taken >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    try {
      return this.#closed ? undefined : await work();
    } finally {
      this.#leave();
    }
  }

  /** Lets nothing begin any more. */
  close(): void {
    this.#closed = true;
  }

  /** Hands the place to the next in line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
