/** How a write ended for whoever asked for it. */
export interface WriteEnd {
  /** Since when it can not happen any more, or once more; Infinity where it always may. */
  readonly endedAt: number;
  /** Since when it is done and everybody is to see it; Infinity where nobody said so. */
  readonly acknowledgedAt: number;
  /** It has not happened. */
  readonly isRefused: boolean;
}

interface Write {
  readonly value: unknown;
  readonly sentAt: number;
  end: WriteEnd;
}

const OPEN: WriteEnd = {
  endedAt: Number.POSITIVE_INFINITY,
  acknowledgedAt: Number.POSITIVE_INFINITY,
  isRefused: false,
};

/** A value that several write and several read, and what a reader may find there. */
export class Register {
  readonly #writes: Write[] = [];

  /** Somebody begins to write; what comes back is told how that ended. */
  begin(value: unknown, sentAt: number): (end: WriteEnd) => void {
    const write: Write = { value, sentAt, end: OPEN };
    this.#writes.push(write);
    return (end) => {
      write.end = end;
    };
  }

  /**
   * Whether whoever asked at `askedAt` may be told this value: some write of it, or what was there before all writes,
   * was not surely overwritten by then.
   */
  mayHold(value: unknown, askedAt: number): boolean {
    const writers = this.#writes.filter((write) => write.value === value && !write.end.isRefused);
    // What was there at first is nobody's write, and can be told from one only where nobody has written it.
    const endedAt = writers.length === 0 ? [Number.NEGATIVE_INFINITY] : writers.map(({ end }) => end.endedAt);
    return endedAt.some((ended) => !this.#isOverwritten(ended, askedAt));
  }

  #isOverwritten(endedAt: number, askedAt: number): boolean {
    return this.#writes.some(({ sentAt, end }) => sentAt > endedAt && end.acknowledgedAt < askedAt);
  }
}
