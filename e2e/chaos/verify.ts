import assert from "node:assert/strict";
import { AppError } from "@mall/kit/errors";
import { type ApiUrls, type Person, personOfRole } from "../support/people.ts";
import { PRICE } from "../support/shop.ts";
import type { Account } from "./shoppers.ts";

/** Requests at once. */
const READERS = 8;
const ATTEMPTS_MAX = 20;
const PAUSE_MS = 100;

/** Holds the mall to what it acknowledged. */
export class Verifier {
  readonly #urls: ApiUrls;
  readonly #customer: Person;
  readonly #account: Account;
  /** How much of each list was looked at. */
  #seen = { users: 0, orders: 0, pays: 0, paid: 0 };

  constructor(urls: ApiUrls, uid: number, account: Account) {
    this.#urls = urls;
    this.#customer = personOfRole(urls, "customer", uid);
    this.#account = account;
  }

  /** Looks at what was acknowledged since the last look. */
  async assertNewKept(): Promise<void> {
    const { users, orders, pays, paid } = this.#account;
    const from = this.#seen;
    this.#seen = { users: users.length, orders: orders.length, pays: pays.length, paid: paid.length };
    await inTurns(users.slice(from.users), (user) => this.#assertUser(user));
    await inTurns(orders.slice(from.orders), async (oid) => {
      const { id, amount } = await this.#customer.order.detail({ id: oid });
      assert.deepEqual([id, amount], [oid, PRICE]);
    });
    await inTurns(pays.slice(from.pays), async ({ id, oid }) => {
      const told = await this.#customer.pay.detail({ id });
      assert.deepEqual([told.oid, told.amount], [oid, PRICE]);
    });
    await inTurns(paid.slice(from.paid), async ({ id, oid }) => {
      const order = await this.#customer.order.detail({ id: oid });
      const pay = await this.#customer.pay.detail({ id });
      assert.deepEqual([order.status, pay.status], [1, 1], `order ${oid} and payment ${id}`);
    });
  }

  /** Looks at everything that was acknowledged. */
  async assertAllKept(): Promise<void> {
    this.#seen = { users: 0, orders: 0, pays: 0, paid: 0 };
    await this.assertNewKept();
  }

  /**
   * What was in stock is what is left and what was ordered; a crash may have taken a piece for an order that
   * was never written, never the other way round.
   */
  async assertStock(pid: number, initial: number): Promise<void> {
    const { uid, order, product } = this.#customer;
    const { stock } = await patiently(() => product.detail({ id: pid }));
    let ordered = 0;
    let before = 0;
    for (;;) {
      const from = before > 0 ? { before } : {};
      const page = await patiently(() => order.list({ uid, limit: 500, ...from }));
      ordered += page.filter((each) => each.pid === pid && each.status !== 9).length;
      const last = page.at(-1);
      if (last === undefined) break;
      before = last.id;
    }
    assert.ok(stock + ordered <= initial, `${stock} in stock and ${ordered} ordered of ${initial}`);
  }

  async #assertUser({ id, mobile }: { id: number; mobile: string }): Promise<void> {
    const told = await personOfRole(this.#urls, "customer", id).user.userInfo();
    assert.deepEqual([told.id, told.mobile], [id, mobile]);
  }
}

/** A client that is refused asks again; for longer than a mall may take to be back, never. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const isOutage = error instanceof AppError && ["UNAVAILABLE", "DEADLINE_EXCEEDED"].includes(error.code);
      if (!isOutage || attempt === ATTEMPTS_MAX) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function inTurns<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await patiently(() => check(item));
  };
  await Promise.all(Array.from({ length: READERS }, worker));
}
