import assert from "node:assert/strict";
import { AppError } from "@mall/kit/errors";
import { until } from "@mall/kit/testing";
import { type ApiUrls, newMobile, PASSWORD, type Person, personOfRole } from "./people.ts";
import { openPay, orderOne, PRICE, putUp, success } from "./shop.ts";

/** Requests at once when what was written is read again. */
const READERS = 32;
/** How long a client that was told of an outage leaves the processor to others, at first, milliseconds. */
const RETRY_MS = 50;
/** The same at most; it doubles with each time. Whatever starts again would wait for all the askers else. */
const RETRY_MS_MAX = 800;
/** Pieces of a product; orders never use them up. */
const STOCK = 1_000_000;
/** One registration per so many orders: hashing a password costs more than all the rest. */
const ORDERS_PER_REGISTRATION = 20;

/** What a mall said it has done. A crash must take none of it back. */
interface Acknowledged {
  readonly users: Map<number, string>;
  readonly products: Set<number>;
  /** Order to its product. */
  readonly orders: Map<number, number>;
  /** Payment to its order. */
  readonly pays: Map<number, number>;
  /** Payments that were called back with success. */
  readonly paid: Set<number>;
}

/** Clients that write without pause, through crashes, and remember what they were told. */
export interface WriteLoad {
  readonly acknowledged: Acknowledged;
  /** Resolves once so many more writes were acknowledged; rejects where that takes too long. */
  untilWrites(count: number): Promise<void>;
  /** Lets the clients go, once what they wait for has ended. */
  stop(): Promise<void>;
}

/** Longest wait for writes to go on, milliseconds. */
const RECOVERY_MS_MAX = 20_000;

export interface WriteLoadOptions {
  /** Asked before every order, since a restarted mall may listen elsewhere. */
  readonly findUrls: () => ApiUrls;
  /** A registered customer, who orders everything. */
  readonly uid: number;
  /** What is ordered, made by `putUpForLoad`. */
  readonly product: number;
  readonly clients: number;
}

/** Starts the clients. */
export function startWriteLoad(options: WriteLoadOptions): WriteLoad {
  const acknowledged: Acknowledged = {
    users: new Map(),
    products: new Set(),
    orders: new Map(),
    pays: new Map(),
    paid: new Set(),
  };
  const writer = new Writer(options, acknowledged);
  const clients = Array.from({ length: options.clients }, (_, index) => writer.run(index));
  return {
    acknowledged,
    untilWrites: (count) => writer.untilWrites(count),
    stop: async () => {
      writer.stopped = true;
      await Promise.all(clients);
    },
  };
}

/** Puts up the product that the load orders. */
export function putUpForLoad(urls: ApiUrls): Promise<number> {
  return putUp(personOfRole(urls, "staff"), STOCK);
}

class Writer {
  stopped = false;
  readonly #options: WriteLoadOptions;
  readonly #done: Acknowledged;
  readonly #waiting = new Set<() => void>();
  #writes = 0;

  constructor(options: WriteLoadOptions, done: Acknowledged) {
    this.#options = options;
    this.#done = done;
  }

  async run(index: number): Promise<void> {
    let retryMs = RETRY_MS;
    for (let round = index; !this.stopped; round += 1) {
      try {
        await this.#shop(round);
        retryMs = RETRY_MS;
      } catch (error) {
        if (!isOutage(error)) throw error;
        // Nobody listens for a while: let others have the processor.
        const ms = retryMs;
        await new Promise((resolve) => setTimeout(resolve, ms));
        retryMs = Math.min(2 * ms, RETRY_MS_MAX);
      }
    }
  }

  untilWrites(count: number): Promise<void> {
    const target = this.#writes + count;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no writes were taken any more")), RECOVERY_MS_MAX);
      const look = (): void => {
        if (this.#writes < target) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async #shop(round: number): Promise<void> {
    const { findUrls, uid, product } = this.#options;
    const urls = findUrls();
    const customer = personOfRole(urls, "customer", uid);
    if (round % ORDERS_PER_REGISTRATION === 0) await this.#register(customer);
    if (round % ORDERS_PER_REGISTRATION === 1) {
      this.#done.products.add(await putUp(personOfRole(urls, "staff"), STOCK));
      this.#count();
    }
    const oid = await orderOne(customer, product);
    this.#done.orders.set(oid, product);
    this.#count();
    const id = await openPay(customer, oid);
    this.#done.pays.set(id, oid);
    this.#count();
    await personOfRole(urls, "gateway").pay.callback(success({ id, uid, oid }));
    this.#done.paid.add(id);
    this.#count();
  }

  async #register({ user }: Person): Promise<void> {
    const mobile = newMobile();
    const { id } = await user.register({ name: mobile, gender: 1, mobile, password: PASSWORD });
    this.#done.users.set(id, mobile);
    this.#count();
  }

  #count(): void {
    this.#writes += 1;
    for (const look of this.#waiting) look();
  }
}

/** What a client is told while a part of the mall is down. */
function isOutage(error: unknown): boolean {
  return error instanceof AppError && ["UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"].includes(error.code);
}

/** Compares all that was acknowledged with what the mall now says. */
export async function assertKept(urls: ApiUrls, load: WriteLoad, uid: number): Promise<void> {
  const { users, products, orders, pays, paid } = load.acknowledged;
  const customer = personOfRole(urls, "customer", uid);
  const paidOrders = new Set([...paid].map((id) => pays.get(id)));
  await inTurns([...users], async ([id, mobile]) => {
    const told = await personOfRole(urls, "customer", id).user.userInfo();
    assert.deepEqual(told, { id, name: mobile, gender: 1, mobile });
  });
  await inTurns([...products], async (id) => {
    const told = await customer.product.detail({ id });
    assert.deepEqual([told.id, told.stock, told.amount], [id, STOCK, PRICE]);
  });
  await inTurns([...orders], async ([id, pid]) => {
    const { status, ...told } = await customer.order.detail({ id });
    assert.deepEqual(told, { id, uid, pid, amount: PRICE });
    // A payment that was acknowledged in the middle of a crash tells its order some time after it.
    if (paidOrders.has(id) && status !== 1) {
      await until(`order ${id} is paid`, () => customer.order.detail({ id }), {
        holds: (later) => later.status === 1,
        withinMs: RECOVERY_MS_MAX,
        everyMs: RETRY_MS,
      });
    }
  });
  await inTurns([...pays], async ([id, oid]) => {
    const told = await customer.pay.detail({ id });
    assert.deepEqual([told.id, told.uid, told.oid, told.amount], [id, uid, oid, PRICE]);
    const { source, status } = told;
    if (paid.has(id)) assert.deepEqual([source, status], [1, 1], `payment ${id} was acknowledged as paid`);
  });
}

/** Every piece is in stock or an order's; what a crash broke off is brought to its end some time after it. */
export async function assertStockHolds(urls: ApiUrls, product: number, uid: number): Promise<void> {
  const customer = personOfRole(urls, "customer", uid);
  const count = async (): Promise<{ stock: number; held: number }> => {
    const { stock } = await customer.product.detail({ id: product });
    return { stock, held: await piecesHeld(customer, product) };
  };
  await until(`${STOCK} pieces are in stock or ordered`, count, {
    holds: ({ stock, held }) => stock + held === STOCK,
    withinMs: RECOVERY_MS_MAX,
    everyMs: RETRY_MS,
  });
}

/** Pieces of a product that a customer's unpaid and paid orders hold. */
async function piecesHeld(customer: Person, product: number): Promise<number> {
  const { uid } = customer;
  let held = 0;
  for (let before = 0; ; ) {
    const page = await customer.order.list({ uid, limit: 500, ...(before > 0 && { before }) });
    held += page.filter(({ pid, status }) => pid === product && status <= 1).length;
    const last = page.at(-1);
    if (last === undefined) return held;
    before = last.id;
  }
}

async function inTurns<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await check(item);
  };
  await Promise.all(Array.from({ length: READERS }, worker));
}
