/** Something that happens at a moment of virtual time. */
export interface QueuedEvent {
  /** Virtual milliseconds. */
  readonly at: number;
  /** Decides between events of the same moment; drawn by the scheduler. */
  readonly tie: number;
  /** Decides between events that drew the same. */
  readonly order: number;
}

/** Events by their time: a binary heap. */
export class EventQueue<Event extends QueuedEvent> {
  readonly #heap: Event[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const child = this.#smallerChild(index);
      if (child === undefined || !isBefore(child.event, last)) break;
      heap[index] = child.event;
      index = child.index;
    }
    heap[index] = last;
    return first;
  }

  #smallerChild(index: number): { event: Event; index: number } | undefined {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    if (left === undefined) return undefined;
    return right !== undefined && isBefore(right, left)
      ? { event: right, index: 2 * index + 2 }
      : { event: left, index: 2 * index + 1 };
  }
}

function isBefore(left: QueuedEvent, right: QueuedEvent): boolean {
  if (left.at !== right.at) return left.at < right.at;
  if (left.tie !== right.tie) return left.tie < right.tie;
  return left.order < right.order;
}
