import type { Pool } from "undici";
import { BENCH_AMOUNT } from "../fill.ts";
import type { PaidOrders } from "./paid-orders.ts";
import { gatewayToken, tokenOf } from "./shop.ts";

/** What a purchase consists of, in its order, by how the mall learns of the money. */
export const STEPS = {
  /** A gateway says that the payment is paid. */
  callback: ["order", "pay", "callback"],
  /** A channel opens an attempt, takes the money and notifies the mall; from then on until the order is paid. */
  prepay: ["order", "pay", "prepay", "paid"],
} as const;
export type Way = keyof typeof STEPS;
export type Step = (typeof STEPS)[Way][number];

/** Where people pay at a channel. */
interface Cashier {
  readonly bank: Pool;
  readonly orders: PaidOrders;
}

/** Where a shopper's requests go. */
export interface Counters {
  readonly order: Pool;
  readonly pay: Pool;
  readonly cashier?: Cashier | undefined;
}

/** What all shoppers of a crowd have in common. */
interface Errand {
  readonly way: Way;
  readonly products: number;
  /** People that each purchase is somebody else's of; each shopper is one person without it. */
  readonly people?: number | undefined;
  /** What each step took, milliseconds. */
  readonly times: ReadonlyMap<Step, number[]>;
  /** Told of a purchase that came to nothing, which else ends the run. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** Odd, so that shoppers and purchases come to other people each, all over the table. */
const PEOPLE_STRIDE = 7919;

/** A client that buys one thing after the other. */
export class Shopper {
  readonly #counters: Counters;
  readonly #errand: Errand;
  readonly #index: number;
  readonly #token: string;
  readonly #gateway = gatewayToken();
  #bought = 0;

  constructor(counters: Counters, errand: Errand, index: number) {
    this.#counters = counters;
    this.#errand = errand;
    this.#index = index;
    this.#token = tokenOf(index + 1);
  }

  /** @param mayBuy asked before each purchase */
  async shopWhile(mayBuy: () => boolean): Promise<void> {
    const { onFailure } = this.#errand;
    while (mayBuy()) await (onFailure === undefined ? this.#buy() : this.#buy().catch(onFailure));
  }

  async #buy(): Promise<void> {
    const { way, products } = this.#errand;
    const { uid, token } = this.#who();
    const pid = ((this.#index + 1 + this.#bought) % products) + 1;
    this.#bought += 1;
    const amount = BENCH_AMOUNT;
    const { order, pay } = this.#counters;
    const ask = (step: Step, ...request: Parameters<typeof post>) =>
      this.#timed(step, () => post(...request));
    const ordered = await ask("order", order, "/api/order/create", { uid, pid, amount, status: 0 }, token);
    const oid = idOf(ordered);
    const id = idOf(await ask("pay", pay, "/api/pay/create", { uid, oid, amount }, token));
    if (way === "callback") {
      const word = { id, uid, oid, amount, source: 1, status: 1 };
      await ask("callback", pay, "/api/pay/callback", word, this.#gateway);
      return;
    }
    const opened = await ask("prepay", pay, "/api/pay/prepay", { id, channel: "sandbox" }, token);
    await this.#timed("paid", () => this.#payAtBank(oid, opened));
  }

  async #payAtBank(oid: number, { outTradeNo }: { outTradeNo?: unknown }): Promise<void> {
    const { cashier } = this.#counters;
    if (cashier === undefined) throw new Error("there is no channel to pay at");
    await post(cashier.bank, "/sandbox/pay", { outTradeNo });
    await cashier.orders.whenPaid(oid);
  }

  #who(): { uid: number; token: string } {
    const { people } = this.#errand;
    if (people === undefined) return { uid: this.#index + 1, token: this.#token };
    const uid = ((this.#index * 1_000_003 + this.#bought * PEOPLE_STRIDE) % people) + 1;
    return { uid, token: tokenOf(uid) };
  }

  async #timed<Result>(step: Step, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await work();
    this.#errand.times.get(step)?.push(performance.now() - startedAt);
    return result;
  }
}

/** @throws Error for any answer but 200 */
async function post(
  pool: Pool,
  path: string,
  body: object,
  token?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await pool.request({
    method: "POST",
    path,
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
  return JSON.parse(text);
}

function idOf(answer: Readonly<Record<string, unknown>>): number {
  const { id } = answer;
  if (typeof id !== "number") throw new Error(`there is no id in ${JSON.stringify(answer)}`);
  return id;
}
