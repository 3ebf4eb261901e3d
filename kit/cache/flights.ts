interface Flight {
  /** When it started to read; Infinity before that. */
  readsAt: number;
  result: Promise<unknown>;
}

/**
 * Lets callers who want the same thing at once share one read of it. A caller never gets what was read before
 * it asked, because whatever was written by then must be in its answer: it joins a flight that starts to read
 * after the caller's arrival, and takes the place of one that has started already.
 */
export class Flights {
  readonly #flying = new Map<string, Flight>();
  #clock = 0;

  /** The moment of a caller's arrival. */
  arrive(): number {
    this.#clock += 1;
    return this.#clock;
  }

  /** `fly` calls `reading` right before it reads. All results under one key are of one type. */
  join<T>(key: string, arrivedAt: number, fly: (reading: () => void) => Promise<T>): Promise<T> {
    const known = this.#flying.get(key);
    if (known !== undefined && known.readsAt > arrivedAt) return known.result as Promise<T>;
    const flight: Flight = { readsAt: Number.POSITIVE_INFINITY, result: Promise.resolve() };
    this.#flying.set(key, flight);
    const result = fly(() => {
      flight.readsAt = this.arrive();
    });
    flight.result = result;
    const land = (): void => {
      if (this.#flying.get(key) === flight) this.#flying.delete(key);
    };
    result.then(land, land);
    return result;
  }
}
