import type { Logger } from "@mall/kit/log";
import type { Runtime, Timer } from "@mall/kit/runtime";

/** How long a reordered letter waits for another one to overtake it. */
const OVERTAKEN_WITHIN_MS = 60_000;
/** How long after a store that failed a letter is tried again. */
const STORE_PAUSE_MS = 1_000;
/** Deliveries at once. */
const UNDERWAY_MAX = 16;

/** Something that is delivered until its receiver says that it has it. */
export interface Letter {
  /** Its number, the same for every delivery. */
  readonly id: string;
  /** When it is delivered next, milliseconds since the Unix epoch. */
  readonly dueAt: number;
  /** Deliveries that were not acknowledged. */
  readonly attempts: number;
}

/** Where letters are kept that are not over. */
export interface LetterStore<Kept extends Letter> {
  /** All of them, in the order in which they came. */
  letters(): Promise<readonly Kept[]>;
  keep(letter: Kept): Promise<void>;
  end(id: string): Promise<void>;
}

/** What becomes of one delivery: not sent but treated as acknowledged, sent later, behind the next one, or sent. */
export type Fate<Flaw> =
  | { readonly way: "lost" | "reordered" }
  | { readonly way: "late"; readonly ms: number }
  | { readonly way: "sent"; readonly copies: number; readonly flaw: Flaw | undefined };

/** What a postman stands on. */
export interface PostmanOptions<Kept extends Letter, Flaw> {
  readonly store: LetterStore<Kept>;
  readonly runtime: Runtime;
  readonly log: Logger;
  /** Asked at each delivery; a flaw goes along to `post`. */
  readonly fateOf: (letter: Kept) => Fate<Flaw>;
  /** Sends a letter once; false where it was not acknowledged. Does not reject. */
  readonly post: (letter: Kept, flaw: Flaw | undefined) => Promise<boolean>;
  /**
   * From a delivery that was not acknowledged to the next, milliseconds; undefined after the last one. `attempts`
   * counts earlier ones that were not.
   */
  readonly retryMs: (letter: Kept, attempts: number) => number | undefined;
}

/** Delivers letters, each until it is acknowledged or its schedule is over. */
export class Postman<Kept extends Letter, Flaw> {
  readonly #options: PostmanOptions<Kept, Flaw>;
  readonly #waiting = new Map<string, Kept>();
  readonly #underway = new Map<string, Promise<void>>();
  /** Letters that are to be overtaken. */
  readonly #behind = new Set<string>();
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PostmanOptions<Kept, Flaw>) {
    this.#options = options;
  }

  /** Takes over what an earlier process did not deliver. */
  async start(): Promise<void> {
    this.add(await this.#options.store.letters());
  }

  /** Letters that are not over, also those underway. */
  get waiting(): readonly Kept[] {
    return [...this.#waiting.values()];
  }

  /** Delivers letters that are stored. */
  add(letters: readonly Kept[]): void {
    for (const letter of letters) this.#waiting.set(letter.id, letter);
    if (letters.length > 0) this.#wake();
  }

  /** Delivers now what waits for its next time. */
  hurry(): void {
    const dueAt = this.#options.runtime.now();
    for (const letter of this.#waiting.values()) this.#waiting.set(letter.id, { ...letter, dueAt });
    this.#wake();
  }

  /** Delivers nothing more; resolves when no delivery is underway. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.clear();
    await Promise.all(this.#underway.values());
  }

  #wake(): void {
    this.#timer?.clear();
    if (this.#closed) return;
    const now = this.#options.runtime.now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (const letter of this.#waiting.values()) {
      if (this.#underway.has(letter.id)) continue;
      // A delivery that ends wakes the others.
      if (this.#underway.size >= UNDERWAY_MAX) return;
      if (letter.dueAt <= now) this.#begin(letter);
      else nextAt = Math.min(nextAt, letter.dueAt);
    }
    if (nextAt === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#options.runtime.setTimer(() => this.#wake(), nextAt - now);
  }

  #begin(letter: Kept): void {
    const delivery = this.#deliver(letter)
      .catch((error: unknown) => {
        this.#options.log.error({ error }, "it cannot be kept how a notification went");
        this.#waiting.set(letter.id, { ...letter, dueAt: this.#options.runtime.now() + STORE_PAUSE_MS });
      })
      .finally(() => {
        this.#underway.delete(letter.id);
        this.#wake();
      });
    this.#underway.set(letter.id, delivery);
  }

  async #deliver(letter: Kept): Promise<void> {
    const now = this.#options.runtime.now();
    const fate = this.#options.fateOf(letter);
    switch (fate.way) {
      case "lost":
        return this.#end(letter);
      case "late":
        return this.#keep({ ...letter, dueAt: now + fate.ms });
      case "reordered":
        this.#behind.add(letter.id);
        return this.#keep({ ...letter, dueAt: now + OVERTAKEN_WITHIN_MS });
      case "sent":
        return this.#send(letter, fate);
    }
  }

  async #send(letter: Kept, { copies, flaw }: { copies: number; flaw: Flaw | undefined }): Promise<void> {
    const { post, retryMs, runtime } = this.#options;
    const posts = Array.from({ length: copies }, () => post(letter, flaw));
    const acknowledged = (await Promise.all(posts)).some(Boolean);
    this.#release(letter.id);
    const pauseMs = retryMs(letter, letter.attempts);
    if (acknowledged || pauseMs === undefined) return this.#end(letter);
    await this.#keep({ ...letter, attempts: letter.attempts + 1, dueAt: runtime.now() + pauseMs });
  }

  /** Lets those go on that waited to be overtaken. */
  #release(by: string): void {
    for (const id of this.#behind) {
      const letter = this.#waiting.get(id);
      if (id === by || letter === undefined) continue;
      this.#behind.delete(id);
      this.#waiting.set(id, { ...letter, dueAt: this.#options.runtime.now() });
    }
    this.#behind.delete(by);
  }

  async #keep(letter: Kept): Promise<void> {
    await this.#options.store.keep(letter);
    this.#waiting.set(letter.id, letter);
  }

  async #end({ id }: Kept): Promise<void> {
    await this.#options.store.end(id);
    this.#waiting.delete(id);
  }
}
