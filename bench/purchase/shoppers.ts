import { Pool } from "undici";
import { type CpuMeter, cpuMsOf } from "../child.ts";
import { BENCH_AMOUNT } from "../fill.ts";
import { gatewayToken, tokenOf } from "./shop.ts";

/** The apis that a purchase goes through. */
interface Apis {
  readonly order: string;
  readonly pay: string;
}

/** A mall under measurement. */
export interface Target {
  readonly name: string;
  readonly apis: Apis;
  /** Every process that works on its requests, by name. */
  readonly processes: ReadonlyMap<string, CpuMeter>;
}

/** Who shops, what, and for how long. */
export interface Crowd {
  readonly clients: number;
  /** Products that they spread over. */
  readonly products: number;
  readonly seconds: number;
}

/** The requests of a purchase, in their order. */
export const STEPS = ["order", "pay", "callback"] as const;
type Step = (typeof STEPS)[number];

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Shopped {
  readonly purchasesPerSecond: number;
  readonly latency: Readonly<Record<Step, Latency>>;
  /** CPU of all processes together, milliseconds a purchase, without the load generator's. */
  readonly cpuMs: number;
  readonly cpuMsByProcess: ReadonlyMap<string, number>;
}

const GENERATOR = "load generator";

/**
 * Buys for a while, each client one thing after the other: order, payment, the gateway's word that it is paid. Any
 * answer that is not 200 makes the run worthless and fails it.
 */
export async function shop(target: Target, crowd: Crowd): Promise<Shopped> {
  const meters = new Map(target.processes).set(GENERATOR, { cpuMs: () => cpuMsOf(process.pid) });
  const before = new Map([...meters].map(([name, meter]) => [name, meter.cpuMs()]));
  const times: Record<Step, number[]> = { order: [], pay: [], callback: [] };
  const options = { connections: crowd.clients, pipelining: 1 };
  const pools = { order: new Pool(target.apis.order, options), pay: new Pool(target.apis.pay, options) };
  const startedAt = performance.now();
  const end = startedAt + crowd.seconds * 1000;
  const buyers = Array.from({ length: crowd.clients }, (_, index) => new Shopper(pools, times, index));
  try {
    await Promise.all(buyers.map((buyer) => buyer.shopUntil(end, crowd.products)));
  } finally {
    await Promise.all([pools.order.close(), pools.pay.close()]);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const purchases = times.callback.length;
  const cpu = new Map(
    [...meters].map(([name, meter]) => [name, (meter.cpuMs() - (before.get(name) ?? 0)) / purchases]),
  );
  const generator = cpu.get(GENERATOR) ?? 0;
  return {
    purchasesPerSecond: purchases / seconds,
    latency: {
      order: latencyOf(times.order),
      pay: latencyOf(times.pay),
      callback: latencyOf(times.callback),
    },
    cpuMs: [...cpu.values()].reduce((sum, each) => sum + each, 0) - generator,
    cpuMsByProcess: cpu,
  };
}

class Shopper {
  readonly #pools: Readonly<Record<keyof Apis, Pool>>;
  readonly #times: Readonly<Record<Step, number[]>>;
  readonly #uid: number;
  readonly #token: string;
  readonly #gateway = gatewayToken();
  #bought = 0;

  constructor(
    pools: Readonly<Record<keyof Apis, Pool>>,
    times: Readonly<Record<Step, number[]>>,
    index: number,
  ) {
    this.#pools = pools;
    this.#times = times;
    this.#uid = index + 1;
    this.#token = tokenOf(this.#uid);
  }

  /** @param end by performance.now() */
  async shopUntil(end: number, products: number): Promise<void> {
    while (performance.now() < end) await this.#buy(products);
  }

  async #buy(products: number): Promise<void> {
    const uid = this.#uid;
    const pid = ((uid + this.#bought) % products) + 1;
    this.#bought += 1;
    const amount = BENCH_AMOUNT;
    const oid = idOf(await this.#ask("order", "/api/order/create", { uid, pid, amount, status: 0 }));
    const id = idOf(await this.#ask("pay", "/api/pay/create", { uid, oid, amount }));
    await this.#ask("callback", "/api/pay/callback", { id, uid, oid, amount, source: 1, status: 1 });
  }

  async #ask(step: Step, path: string, body: object): Promise<string> {
    const token = step === "callback" ? this.#gateway : this.#token;
    const askedAt = performance.now();
    const answer = await this.#pools[step === "order" ? "order" : "pay"].request({
      method: "POST",
      path,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    this.#times[step].push(performance.now() - askedAt);
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
    return text;
  }
}

function idOf(text: string): number {
  const { id }: { id?: unknown } = JSON.parse(text);
  if (typeof id !== "number") throw new Error(`there is no id in ${text}`);
  return id;
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
