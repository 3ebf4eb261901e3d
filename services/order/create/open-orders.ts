import { settleInOrder } from "@mall/kit/async";
import type { OrderModel } from "../model/order-model.ts";
import { tooManyOpenOrders } from "../rpc/errors.ts";

interface NewOrder<T> {
  /** Throws if the order may not be created. */
  check(): Promise<void>;
  create(): Promise<T>;
}

/**
 * Limits how many unpaid orders a user may have (`max`; 0: no limit), so that nobody can block stock without paying.
 * Requests in flight in this process count too, so concurrent ones do not slip through; another replica may admit as
 * many again at the same moment.
 */
export class OpenOrders {
  readonly #model: Pick<OrderModel, "countOpen">;
  readonly #max: number;
  /** New orders in flight, by user. */
  readonly #inFlight = new Map<number, number>();

  constructor(model: Pick<OrderModel, "countOpen">, max: number) {
    this.#model = model;
    this.#max = max;
  }

  /**
   * Creates a user's order. `check` and the count run concurrently; an error of `check` takes precedence.
   *
   * @throws whatever `check` and `create` throw; AppError FAILED_PRECONDITION OPEN_ORDERS_MAX if the user has too many
   * unpaid orders, in which case `create` was not called.
   */
  async run<T>(uid: number, { check, create }: NewOrder<T>): Promise<T> {
    const before = this.#inFlight.get(uid) ?? 0;
    this.#inFlight.set(uid, before + 1);
    try {
      const [, open] = await settleInOrder(check(), this.#count(uid));
      // Every earlier order is either in the database by now or was in flight when this one arrived.
      if (this.#max > 0 && open + before >= this.#max) throw tooManyOpenOrders(this.#max);
      return await create();
    } finally {
      this.#leave(uid);
    }
  }

  async #count(uid: number): Promise<number> {
    return this.#max === 0 ? 0 : this.#model.countOpen(uid);
  }

  #leave(uid: number): void {
    const left = (this.#inFlight.get(uid) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(uid, left);
    else this.#inFlight.delete(uid);
  }
}
