/** First in, first out; gives its memory back when it has run empty. */
export class Fifo<Item> {
  #items: Item[] = [];
  #next = 0;

  get empty(): boolean {
    return this.#next === this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the oldest. */
  shift(): Item | undefined {
    const item = this.#items[this.#next];
    if (item === undefined) return undefined;
    this.#next += 1;
    if (this.empty) this.takeAll();
    return item;
  }

  /** Takes all, oldest first. */
  takeAll(): Item[] {
    const items = this.#next === 0 ? this.#items : this.#items.slice(this.#next);
    this.#items = [];
    this.#next = 0;
    return items;
  }
}
