import { isDeepStrictEqual } from "node:util";
import type { BuyersTrade, Outcome } from "../world/index.ts";
import { Freshness, type WorldWatch } from "./freshness.ts";

/** An order that somebody was told of. */
export interface KnownOrder {
  readonly id: number;
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
}

/** A payment that somebody was told of. */
export interface KnownPay {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
}

/** An attempt to pay that somebody was told of. */
export interface KnownTrade extends BuyersTrade {
  readonly payId: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
}

/** A refund that staff have asked for. */
export interface KnownRefund {
  /** The payment. */
  readonly id: number;
  readonly refundNo: string;
  readonly amount: number;
}

/** What became of the requests with one idempotency key. */
interface KeyUse {
  readonly route: string;
  readonly body: string;
  readonly answer: unknown;
}

/** Everything that the mall has acknowledged to people; what it is held to. */
export class Account {
  readonly orders: KnownOrder[] = [];
  readonly pays: KnownPay[] = [];
  readonly trades: KnownTrade[] = [];
  /** Refunds whose request was answered well. */
  readonly refunds: KnownRefund[] = [];
  /** Refunds that staff say they have made by hand. */
  readonly madeByHand = new Set<string>();
  /** Payments that staff were ready to accept with what came. */
  readonly accepted = new Set<number>();
  /** Payments whose callback was answered well. */
  readonly calledBack: KnownPay[] = [];
  /** Orders whose cancellation was answered well. */
  readonly cancelled: KnownOrder[] = [];
  /** How often people asked for an order, by customer; a key counts once. */
  readonly ordersAsked = new Map<number, { readonly keys: Set<string>; withoutKey: number }>();
  /** How old answers are. */
  readonly freshness: Freshness;
  /** Answers that are wrong in themselves. */
  readonly wrong: string[] = [];
  readonly #keys = new Map<string, KeyUse>();
  /** The requests that were sent with each key. */
  readonly #keyed = new Map<string, Set<string>>();
  readonly #paysAsked = new Map<number, Set<string>>();

  constructor(watch?: WorldWatch) {
    this.freshness = new Freshness(watch);
  }

  /** An order is going to be asked for. */
  askForOrder(uid: number, key: string | undefined): void {
    const asked = this.ordersAsked.get(uid) ?? { keys: new Set<string>(), withoutKey: 0 };
    this.ordersAsked.set(uid, asked);
    if (key === undefined) asked.withoutKey += 1;
    else asked.keys.add(key);
  }

  /** A payment of an order is going to be asked for. */
  askForPay(oid: number, by: string): void {
    this.#paysAsked.set(oid, (this.#paysAsked.get(oid) ?? new Set()).add(by));
  }

  /** Somebody was told that the order has a payment: not his own with this key, if he is the only one who asked. */
  refusedAsSecond(oid: number, by: string): void {
    const asked = this.#paysAsked.get(oid);
    if (asked?.size === 1 && asked.has(by)) this.wrong.push(`key ${by} made a payment and is refused for it`);
  }

  /** A customer's order that was made. Each key makes one, and each of its answers names that one. */
  addOrder(order: KnownOrder): void {
    if (!this.orders.some(({ id }) => id === order.id)) this.orders.push(order);
  }

  /** A request with a key is going to be sent. */
  useKey(key: string, route: string, body: object): void {
    this.#keyed.set(key, (this.#keyed.get(key) ?? new Set()).add(`${route} ${JSON.stringify(body)}`));
  }

  /** Whether somebody was told before that the request with this key was done. */
  isAnswered(key: string): boolean {
    return this.#keys.has(key);
  }

  /**
   * Holds an answer to a request with a key against the earlier ones: once it was answered well, it is always
   * answered so, and to that request alone. `wasAnswered`: before this request was sent, since two at a time may
   * meet different states of the mall as long as only one of them does something.
   */
  compareKeyed(
    key: string,
    request: { readonly route: string; readonly body: object; readonly wasAnswered: boolean },
    outcome: Outcome<unknown>,
  ): void {
    const { route, wasAnswered } = request;
    const body = JSON.stringify(request.body);
    const isReused = outcome.kind === "no" && outcome.error.reason === "IDEMPOTENCY_KEY_REUSED";
    if (isReused && this.#keyed.get(key)?.size === 1) {
      this.wrong.push(`key ${key} was used for one request alone, and is refused as another's`);
    }
    const known = this.#keys.get(key);
    if (known === undefined) {
      if (outcome.kind === "yes") this.#keys.set(key, { route, body, answer: outcome.value });
      return;
    }
    const isSame = known.route === route && known.body === body;
    if (outcome.kind === "yes" && !(isSame && isDeepStrictEqual(outcome.value, known.answer))) {
      const now = JSON.stringify(outcome.value);
      this.wrong.push(`key ${key} was answered ${JSON.stringify(known.answer)}, now ${now}`);
    }
    const isInFlight = outcome.kind === "no" && outcome.error.reason === "IDEMPOTENCY_IN_FLIGHT";
    if (outcome.kind === "no" && isSame && wasAnswered && !isInFlight) {
      this.wrong.push(`key ${key} was answered well, and is now refused: ${outcome.error.reason}`);
    }
  }
}
