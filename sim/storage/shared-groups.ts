import type { RowTransaction, TransactionEnd } from "@mall/kit/store";

/** A transaction that several shared. */
export interface SharedGroup {
  readonly members: number;
  /** Undefined where its process ended first. */
  readonly end: TransactionEnd | undefined;
}

interface OpenGroup extends SharedGroup {
  members: number;
  end: TransactionEnd | undefined;
}

/** Sees which works share transactions of a database: those of a group begin in one go. */
export class SharedGroups {
  readonly #groups: OpenGroup[] = [];
  #beginning: OpenGroup | undefined;

  /** Those with more than one member so far. */
  get several(): readonly SharedGroup[] {
    return this.#groups.filter(({ members }) => members > 1);
  }

  /** Somebody's work begins. */
  begins(tx: RowTransaction): void {
    // Who has a transaction to himself may ask it anything.
    if ("query" in tx) return;
    const group = this.#beginning ?? this.#begin();
    group.members += 1;
    tx.afterEnd(async (end) => {
      group.end = end;
    });
  }

  #begin(): OpenGroup {
    const group: OpenGroup = { members: 0, end: undefined };
    this.#groups.push(group);
    this.#beginning = group;
    queueMicrotask(() => {
      this.#beginning = undefined;
    });
    return group;
  }
}
