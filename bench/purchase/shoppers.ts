import { Pool } from "undici";
import { type CpuMeter, cpuMsOf } from "../child.ts";
import type { PaidOrders } from "./paid-orders.ts";
import { type Counters, Shopper, STEPS, type Step, type Way } from "./shopper.ts";

/** The apis that a purchase goes through. */
interface Apis {
  readonly order: string;
  readonly pay: string;
}

/** A channel that a mall knows. */
export interface Channel {
  /** Base URL of its bank. */
  readonly bank: string;
  readonly process: CpuMeter;
  readonly orders: PaidOrders;
}

/** A mall under measurement. */
export interface Target {
  readonly name: string;
  readonly apis: Apis;
  /** Every process that works on its requests, by name. */
  readonly processes: ReadonlyMap<string, CpuMeter>;
  readonly channel?: Channel | undefined;
}

/** Who shops, what, how, and for how long. */
export interface Crowd {
  readonly clients: number;
  /** Products that they spread over. */
  readonly products: number;
  readonly seconds: number;
  readonly way: Way;
  /** People who shop by turns, in place of one a client. */
  readonly people?: number;
  /** Ends it before its time. */
  readonly purchasesMax?: number;
  /** Told of a purchase that came to nothing, which else ends the run. */
  readonly onFailure?: (error: unknown) => void;
}

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Shopped {
  readonly purchases: number;
  readonly purchasesPerSecond: number;
  /** By step, in their order. */
  readonly latency: ReadonlyMap<Step, Latency>;
  /** CPU of the mall and its servers, milliseconds a purchase. */
  readonly cpuMs: number;
  /** With what is outside as well: the load generator and the bank. */
  readonly cpuMsByProcess: ReadonlyMap<string, number>;
}

/**
 * Buys for a while, each client one thing after the other: order, payment, and the money's coming. Any answer that is
 * not 200 makes the run worthless and fails it, unless somebody wants to be told.
 */
export async function shop(target: Target, crowd: Crowd): Promise<Shopped> {
  const bank = crowd.way === "prepay" ? target.channel : undefined;
  const outside = new Map<string, CpuMeter>([["load generator", { cpuMs: () => cpuMsOf(process.pid) }]]);
  if (bank !== undefined) outside.set("bank", bank.process);
  const meters = new Map([...target.processes, ...outside]);
  const before = new Map([...meters].map(([name, meter]) => [name, meter.cpuMs()]));
  const times = new Map<Step, number[]>(STEPS[crowd.way].map((step) => [step, []]));
  const startedAt = performance.now();
  const purchases = await buyAll(target, crowd, times);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = new Map(
    [...meters].map(([name, meter]) => [name, (meter.cpuMs() - (before.get(name) ?? 0)) / purchases]),
  );
  return {
    purchases,
    purchasesPerSecond: purchases / seconds,
    latency: new Map([...times].map(([step, all]) => [step, latencyOf(all)])),
    cpuMs: [...cpu].reduce((sum, [name, each]) => (outside.has(name) ? sum : sum + each), 0),
    cpuMsByProcess: cpu,
  };
}

/** Returns how many purchases there were. */
async function buyAll(target: Target, crowd: Crowd, times: Map<Step, number[]>): Promise<number> {
  const { clients, seconds, purchasesMax = Number.POSITIVE_INFINITY } = crowd;
  const pools: Pool[] = [];
  const open = (url: string): Pool => {
    const pool = new Pool(url, { connections: clients, pipelining: 1 });
    pools.push(pool);
    return pool;
  };
  const { apis, channel } = target;
  const counters: Counters = {
    order: open(apis.order),
    pay: open(apis.pay),
    cashier: channel && { bank: open(channel.bank), orders: channel.orders },
  };
  const end = performance.now() + seconds * 1000;
  let begun = 0;
  const mayBuy = (): boolean => {
    if (begun >= purchasesMax || performance.now() >= end) return false;
    begun += 1;
    return true;
  };
  const buyers = Array.from(
    { length: clients },
    (_, index) => new Shopper(counters, { ...crowd, times }, index),
  );
  try {
    await Promise.all(buyers.map((buyer) => buyer.shopWhile(mayBuy)));
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  return begun;
}

function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
