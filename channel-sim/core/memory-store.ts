import type { SimChanges, SimLetter, SimRecord, SimStore } from "./sim-store.ts";

/** Keeps records as long as it lives, for tests and simulated worlds. */
export class MemoryStore implements SimStore {
  readonly #kinds = new Map<string, Map<string, unknown>>();
  readonly #letters = new Map<string, SimLetter>();
  #version = 0;

  constructor(records: readonly SimRecord[] = []) {
    this.#keep(records);
  }

  /** Changes so far. */
  get version(): number {
    return this.#version;
  }

  /** Everything that is kept but letters. */
  get records(): readonly SimRecord[] {
    return [...this.#kinds].flatMap(([kind, ofKind]) =>
      Array.from(ofKind, ([id, value]) => ({ kind, id, value })),
    );
  }

  /** All records of a kind, the oldest first. */
  all<Value>(kind: string): readonly Value[] {
    // What was kept under a kind is of that kind.
    return [...(this.#kinds.get(kind)?.values() ?? [])] as Value[];
  }

  async find<Value>(kind: string, id: string): Promise<Value | undefined> {
    return this.#kinds.get(kind)?.get(id) as Value | undefined;
  }

  async list<Value>(kind: string): Promise<readonly Value[]> {
    return this.all<Value>(kind).toReversed();
  }

  async letters(): Promise<readonly SimLetter[]> {
    return [...this.#letters.values()];
  }

  async save({ records = [], letters = [], ended = [] }: SimChanges): Promise<void> {
    this.#version += 1;
    this.#keep(records);
    for (const letter of letters) this.#letters.set(letter.id, letter);
    for (const id of ended) this.#letters.delete(id);
  }

  #keep(records: readonly SimRecord[]): void {
    for (const { kind, id, value } of records) {
      const ofKind = this.#kinds.get(kind) ?? new Map<string, unknown>();
      this.#kinds.set(kind, ofKind.set(id, value));
    }
  }
}
