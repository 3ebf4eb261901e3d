/** Places for attempts that go on at the same time; more wait in the order of asking. */
export class JobSlots {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #closed = false;
  readonly #closing: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Attempts that go on or wait for a place. */
  get held(): number {
    return this.#taken + this.#waiting.length;
  }

  /** Runs `work` in a place of its own once there is one, or gives `whenClosed` if there is to be none any more. */
  async run<T>(work: () => Promise<T>, whenClosed: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    try {
      return await (this.#closed ? whenClosed() : work());
    } finally {
      this.#leave();
    }
  }

  /** Lets nothing begin any more; resolves when what goes on has ended. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#taken === 0) return Promise.resolve();
    return new Promise((resolve) => this.#closing.push(resolve));
  }

  /** Hands the place to the next in line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#taken -= 1;
    if (this.#taken === 0) for (const resolve of this.#closing.splice(0)) resolve();
  }
}
