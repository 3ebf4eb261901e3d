import { settleInOrder } from "@mall/kit/async";
import type { OrderModel } from "../model/order-model.ts";
import { tooManyOpenOrders } from "../rpc/errors.ts";

interface NewOrder<T> {
  /** Throws where there may be no such order. */
  check(): Promise<void>;
  create(): Promise<T>;
}

/**
 * Nobody holds a whole shelf with orders that are never paid: a user has `max` unpaid ones at most, 0 for no limit.
 * What is on its way in this process counts too, so twins do not pass; another replica may let in as many once more
 * in the same instant.
 */
export class OpenOrders {
  readonly #model: Pick<OrderModel, "countOpen">;
  readonly #max: number;
  /** New orders that are on their way, by user. */
  readonly #onTheirWay = new Map<number, number>();

  constructor(model: Pick<OrderModel, "countOpen">, max: number) {
    this.#model = model;
    this.#max = max;
  }

  /**
   * Makes a new order of a user, while it is looked how many there are; what `check` refuses is told first.
   *
   * @throws whatever `check` and `create` throw; AppError FAILED_PRECONDITION OPEN_ORDERS_MAX where the user has too
   * many: then nothing was begun.
   */
  async run<T>(uid: number, { check, create }: NewOrder<T>): Promise<T> {
    const before = this.#onTheirWay.get(uid) ?? 0;
    this.#onTheirWay.set(uid, before + 1);
    try {
      const [, open] = await settleInOrder(check(), this.#count(uid));
      // Those who came before this one are counted by now, or were on their way when it came.
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
    const left = (this.#onTheirWay.get(uid) ?? 0) - 1;
    if (left > 0) this.#onTheirWay.set(uid, left);
    else this.#onTheirWay.delete(uid);
  }
}
