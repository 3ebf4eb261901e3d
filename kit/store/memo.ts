/**
 * What was computed of keys, for the next time; forgotten as a whole where it becomes too much. Unlike an LRU cache it
 * costs nothing to make, of which each database makes several.
 */
export class Memo<Value> {
  readonly #values = new Map<number, Value>();
  readonly #entriesMax: number;
  readonly #compute: (key: number) => Value;

  constructor(entriesMax: number, compute: (key: number) => Value) {
    this.#entriesMax = entriesMax;
    this.#compute = compute;
  }

  /** The value of a key, computed now or before. */
  of(key: number): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size >= this.#entriesMax) this.#values.clear();
    const value = this.#compute(key);
    this.#values.set(key, value);
    return value;
  }
}
