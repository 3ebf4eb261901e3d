import { AppError } from "@mall/kit/errors";
import { type ApiUrls, newMobile, PASSWORD, type Person, personOfRole } from "../support/people.ts";
import { openPay, orderOne, PRICE, success } from "../support/shop.ts";
import { spreadOver } from "../support/spread.ts";

/** How long a shopper waits for an answer before it asks again, milliseconds. */
const ANSWER_MS_MAX = 5000;
/**
 * A callback is acknowledged once the payment is written down. An order whose service did not answer just then is
 * told by a job; where the process that had it died, when its claim has run out (`Jobs.Lease`, 15 s). Milliseconds.
 */
const TOLD_MS_MAX = 20_000;
/** Between two attempts, and between two rounds, milliseconds; the processor is for the mall. */
const PAUSE_MS = 100;

/** What a client is told, or not told, while a part of the mall is down. */
const OUTAGE: ReadonlySet<string> = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"]);

/** What the mall said it has done, in the order it said so, and what was wrong with what it said. */
export interface Account {
  readonly users: { readonly id: number; readonly mobile: string }[];
  readonly orders: number[];
  readonly pays: { readonly id: number; readonly oid: number }[];
  /** Payments that were called back. */
  readonly paid: { readonly id: number; readonly oid: number }[];
  /** Answers that no state of the mall explains. */
  readonly wrong: string[];
  /** Outages that were told, by reason. */
  readonly outages: Map<string, number>;
}

export interface ShoppersOptions {
  /** The apis of each replica. */
  readonly replicas: readonly ApiUrls[];
  /** A registered customer, who orders everything. */
  readonly uid: number;
  /** A product that never runs out. */
  readonly pid: number;
  readonly count: number;
}

/**
 * Customers who order and pay without end, who ask again until they are answered, and who look at once
 * whether what they were told is so.
 */
export class Shoppers {
  readonly account: Account = {
    users: [],
    orders: [],
    pays: [],
    paid: [],
    wrong: [],
    outages: new Map(),
  };
  readonly #options: ShoppersOptions;
  readonly #customer: Person;
  readonly #gateway: Person;
  readonly #running: Promise<void>[];
  #stopped = false;
  /** Of each shopper: when its last round without an outage began; milliseconds since the epoch. */
  readonly #cleanRounds: number[];

  constructor(options: ShoppersOptions) {
    this.#options = options;
    const { replicas, uid, count } = options;
    const [urls] = replicas;
    if (urls === undefined) throw new Error("there is no replica");
    const send = spreadOver(replicas, ANSWER_MS_MAX);
    this.#customer = personOfRole(urls, "customer", uid, send);
    this.#gateway = personOfRole(urls, "gateway", 1, send);
    this.#cleanRounds = Array.from({ length: count }, () => 0);
    this.#running = Array.from({ length: count }, (_, index) => this.#shop(index));
  }

  /**
   * Resolves once every shopper has made a whole round, begun after `since`, in which nothing was refused;
   * false where that takes longer than `withinMs` from then.
   */
  async untilClean(since: number, withinMs: number): Promise<boolean> {
    while (this.#cleanRounds.some((began) => began < since)) {
      if (Date.now() > since + withinMs) return false;
      await pause();
    }
    return true;
  }

  /** Lets the shoppers finish what they are at. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #shop(index: number): Promise<void> {
    while (!this.#stopped) {
      const beganAt = Date.now();
      const isClean = await this.#round();
      if (isClean) this.#cleanRounds[index] = beganAt;
      await pause();
    }
  }

  /** Orders one piece, pays it and looks at both; true if every answer came at the first attempt. */
  async #round(): Promise<boolean> {
    const { pid } = this.#options;
    const { orders, pays, paid } = this.account;
    const round = { refusals: 0 };
    const customer = this.#customer;
    const oid = await this.#ask(round, () => orderOne(customer, pid));
    if (oid === undefined) return false;
    orders.push(oid);
    const id = await this.#ask(round, () => openPay(customer, oid), ["PAY_EXISTS"]);
    // Nobody was told the number of the payment that an unanswered attempt has opened.
    if (id === undefined) return false;
    pays.push({ id, oid });
    const { uid } = customer;
    const isPaid = await this.#ask(round, async () => {
      await this.#gateway.pay.callback(success({ id, uid, oid }));
      return true;
    });
    if (isPaid === undefined) return false;
    paid.push({ id, oid });
    const order = { what: `order ${oid}`, expected: [oid, pid, 1], withinMs: TOLD_MS_MAX };
    await this.#look(round, order, async () => {
      const told = await customer.order.detail({ id: oid });
      return [told.id, told.pid, told.status];
    });
    const payment = { what: `payment ${id}`, expected: [id, oid, PRICE, 1], withinMs: 0 };
    await this.#look(round, payment, async () => {
      const told = await customer.pay.detail({ id });
      return [told.id, told.oid, told.amount, told.status];
    });
    return round.refusals === 0;
  }

  /** Registers somebody, who logs in and asks who he is. */
  async register(): Promise<void> {
    const round = { refusals: 0 };
    const { user } = this.#customer;
    const mobile = newMobile();
    const id = await this.#ask(round, async () => {
      const told = await user.register({ name: mobile, gender: 1, mobile, password: PASSWORD });
      return told.id;
    }, ["USER_EXISTS"]);
    if (id === undefined) return;
    this.account.users.push({ id, mobile });
    await this.#ask(round, () => user.login({ mobile, password: PASSWORD }));
  }

  /** Looks until it is as expected, for `withinMs` at most; a round in which that was not so at once is not clean. */
  async #look(
    round: { refusals: number },
    { what, expected, withinMs }: { what: string; expected: readonly number[]; withinMs: number },
    read: () => Promise<readonly number[]>,
  ): Promise<void> {
    const { wrong, outages } = this.account;
    const until = Date.now() + withinMs;
    for (;;) {
      const told = await this.#ask(round, read);
      if (told === undefined || told.join() === expected.join()) return;
      if (Date.now() >= until) {
        wrong.push(`${what} is ${told.join()}, not ${expected.join()}`);
        return;
      }
      round.refusals += 1;
      outages.set("TOLD_LATER", (outages.get("TOLD_LATER") ?? 0) + 1);
      await pause();
    }
  }

  /**
   * Asks until there is an answer; undefined where the shoppers stop before, or for a refusal that an earlier
   * attempt without an answer explains.
   */
  async #ask<T>(
    round: { refusals: number },
    request: () => Promise<T>,
    explained: readonly string[] = [],
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (attempt > 1 && explained.includes(error.reason)) return undefined;
        if (!OUTAGE.has(error.code)) {
          this.account.wrong.push(`${error.code} ${error.reason}: ${error.message}`);
          return undefined;
        }
        round.refusals += 1;
        const { outages } = this.account;
        outages.set(error.reason, (outages.get(error.reason) ?? 0) + 1);
      }
      if (this.#stopped) return undefined;
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
