import assert from "node:assert/strict";
import { AppError } from "@mall/kit/errors";
import { Account as Acknowledged } from "../../sim/actors/index.ts";
import { checkAtEnd, ORDER } from "../../sim/invariants/index.ts";
import { openRowReader, untilQuiet } from "../crashes/read-rows.ts";
import { type ApiUrls, type Person, personOfRole } from "../support/people.ts";
import { PRICE } from "../support/shop.ts";
import { assertVerified } from "../support/verified.ts";
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
   * Lets nobody pay any more and waits until nothing is under way, and holds what is left to the invariants of the
   * simulation, row by row, and to `mall verify`.
   *
   * @throws Error that names the rule that was broken
   */
  async assertInvariants(
    dataSource: string,
    { pid, pieces }: { pid: number; pieces: number },
  ): Promise<void> {
    const rows = await openRowReader(dataSource);
    try {
      const unpaid = (await rows.books()).orders.filter(({ status }) => status === ORDER.unpaid);
      await inTurns(unpaid, ({ id }) => this.#cancel(id));
      await untilQuiet(rows);
      checkAtEnd(await rows.books(), await rows.openWork(), {
        account: this.#acknowledged(pid),
        bank: { trades: [], acknowledged: new Set() },
        piecesOf: () => pieces,
      });
      await assertVerified(dataSource, { initial: new Map([[pid, pieces]]) });
    } finally {
      await rows.close();
    }
  }

  /** An order that is paid meanwhile stays so. */
  async #cancel(id: number): Promise<void> {
    try {
      await this.#customer.order.update({ id, status: ORDER.cancelled });
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== "ORDER_STATE_CONFLICT") throw error;
    }
  }

  #acknowledged(pid: number): Acknowledged {
    const { uid } = this.#customer;
    const account = new Acknowledged();
    for (const id of this.#account.orders) account.addOrder({ id, uid, pid, amount: PRICE });
    for (const { id, oid } of this.#account.pays) account.pays.push({ id, uid, oid, amount: PRICE });
    for (const { id, oid } of this.#account.paid) account.calledBack.push({ id, uid, oid, amount: PRICE });
    return account;
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
