import { randomUUID } from "node:crypto";
import { AppError } from "@mall/kit/errors";
import type { Account } from "../../sim/actors/index.ts";
import type { Random } from "../../sim/kernel/index.ts";
import { askPatiently, isOutage } from "../support/ask-patiently.ts";
import { type ApiUrls, type Person, personOfRole } from "../support/people.ts";
import { openPay, orderOne, PRICE, success } from "../support/shop.ts";
import { spreadOver } from "../support/spread.ts";
import type { TestBank } from "./bank.ts";

/** How long a buyer waits for an answer before it asks again, milliseconds. */
export const ANSWER_MS_MAX = 5000;
/** Between two rounds, milliseconds; the processor is for the mall. */
const PAUSE_MS = 50;

/** How a round may go; the more often an ending stands here, the more often it comes. */
const ENDINGS = ["paid", "paid", "paid", "refunded", "partly", "unpaid", "cancelled", "called back"] as const;

type Ending = (typeof ENDINGS)[number];

export interface BuyersOptions {
  /** The apis of each replica. */
  readonly replicas: readonly ApiUrls[];
  /** A registered customer, who orders everything. */
  readonly uid: number;
  readonly pid: number;
  readonly count: number;
  readonly bank: TestBank;
  readonly random: Random;
  /** Takes down what the mall acknowledges. */
  readonly account: Account;
  /** Carries requests that are written to the first replica; to one after the other without it. */
  readonly send?: typeof fetch;
}

/** The mall refused, and asking again will not help: this round is over. */
class RoundOver extends Error {}

/**
 * Customers who order, pay at the bank, change their minds and get their money back, through whatever outage,
 * each request under a key of its own until it is answered.
 */
export class Buyers {
  /** Refusals that ended a round, by reason. */
  readonly refusals = new Map<string, number>();
  /** Rounds by how they ended. */
  readonly rounds = new Map<string, number>();
  readonly #options: BuyersOptions;
  readonly #customer: Person;
  readonly #staff: Person;
  readonly #gateway: Person;
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(options: BuyersOptions) {
    const { replicas, uid, count } = options;
    const [urls] = replicas;
    if (urls === undefined) throw new Error("there is no replica");
    const { send = spreadOver(replicas, ANSWER_MS_MAX) } = options;
    this.#options = options;
    this.#customer = personOfRole(urls, "customer", uid, send);
    this.#staff = personOfRole(urls, "staff", 1, send);
    this.#gateway = personOfRole(urls, "gateway", 1, send);
    this.#running = Array.from({ length: count }, () => this.#shop());
  }

  /** Lets each buyer finish the round it is at. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #shop(): Promise<void> {
    while (!this.#stopped) {
      const ending = this.#options.random.pick(ENDINGS);
      try {
        await this.#round(ending);
        count(this.rounds, ending);
      } catch (error) {
        if (!(error instanceof RoundOver)) throw error;
        count(this.rounds, "refused");
      }
      await pause();
    }
  }

  async #round(ending: Ending): Promise<void> {
    const { pid, account } = this.#options;
    const customer = this.#customer;
    const { uid } = customer;
    const oid = await this.#ask((options) => orderOne(customer, pid, options));
    const order = { id: oid, uid, pid, amount: PRICE };
    account.addOrder(order);
    if (ending === "cancelled") {
      await this.#ask((options) => customer.order.update({ id: oid, status: 9 }, options));
      account.cancelled.push(order);
      return;
    }
    const id = await this.#ask((options) => openPay(customer, oid, options));
    account.pays.push({ id, uid, oid, amount: PRICE });
    if (ending === "called back") {
      await this.#ask((options) => this.#gateway.pay.callback(success({ id, uid, oid }), options));
      account.calledBack.push({ id, uid, oid, amount: PRICE });
      return;
    }
    await this.#payAtBank(id, ending);
  }

  async #payAtBank(id: number, ending: Ending): Promise<void> {
    const { bank } = this.#options.bank;
    const { outTradeNo } = await this.#ask((options) =>
      this.#customer.pay.prepay({ id, channel: "sandbox" }, options),
    );
    if (ending === "unpaid") return;
    // Closed meanwhile, as a buyer who hesitates for too long finds.
    const isTaken = await bank.pay(outTradeNo).then(
      () => true,
      () => false,
    );
    if (!isTaken) throw new RoundOver("the bank takes no money any more");
    if (ending === "paid") return;
    await this.#refund(id, ending === "refunded" ? PRICE : 1);
  }

  /** Staff wait until the money is known to have come. */
  async #refund(id: number, amount: number): Promise<void> {
    let { status } = await this.#ask(() => this.#customer.pay.sync({ id }));
    while (status === 0) {
      await pause();
      ({ status } = await this.#ask(() => this.#customer.pay.detail({ id })));
    }
    const refundNo = `r-${randomUUID()}`;
    await this.#ask((options) => this.#staff.pay.refund({ id, refundNo, amount, reason: "test" }, options));
  }

  /** Asks under one key until there is an answer. */
  async #ask<T>(request: (options: { idempotencyKey: string }) => Promise<T>): Promise<T> {
    try {
      return await askPatiently(request);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return this.#giveUp(error);
    }
  }

  #giveUp(error: AppError): never {
    const { account } = this.#options;
    if (error.code === "INTERNAL" || isOutage(error)) {
      account.wrong.push(`${error.code} ${error.reason}: ${error.message}`);
    }
    count(this.refusals, error.reason);
    throw new RoundOver(error.reason);
  }
}

function count(times: Map<string, number>, what: string): void {
  times.set(what, (times.get(what) ?? 0) + 1);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
