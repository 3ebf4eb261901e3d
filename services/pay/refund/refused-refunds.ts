import type { Runtime } from "@mall/kit/runtime";

/**
 * How long a refund that its channel refused is still asked about, milliseconds: a copy of the request that was held
 * up on the way may be taken after all, and what it made must not be made again.
 */
const REFUSED_MS = 61_000;
/** Bounds the memory, about 100 bytes each; one that is forgotten is asked about for a minute more. */
const REFUNDS_MAX = 10_000;

/**
 * How long this process has known of refunds that their channels refused and have not made. It is measured by the
 * clock that nobody sets: by the time of day, a clock that is put right would make a minute of a second.
 */
export class RefusedRefunds {
  readonly #runtime: Pick<Runtime, "elapsed">;
  /** Since when each is known, `elapsed` milliseconds; the oldest first. */
  readonly #since = new Map<number, number>();

  constructor(runtime: Pick<Runtime, "elapsed">) {
    this.#runtime = runtime;
  }

  /** Says that a refund is refused, and not made as far as anybody knows: its minute begins, unless it already has. */
  note(refundId: number): void {
    if (this.#since.has(refundId)) return;
    const [oldest] = this.#since.keys();
    if (oldest !== undefined && this.#since.size >= REFUNDS_MAX) this.#since.delete(oldest);
    this.#since.set(refundId, this.#runtime.elapsed());
  }

  /** Whether a refund has been known as refused for so long that nothing of it is under way any more. */
  isOver(refundId: number): boolean {
    const since = this.#since.get(refundId);
    return since !== undefined && this.#runtime.elapsed() - since >= REFUSED_MS;
  }

  /** Forgets a refund that is over. */
  forget(refundId: number): void {
    this.#since.delete(refundId);
  }
}
