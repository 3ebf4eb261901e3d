import assert from "node:assert/strict";
import { backgroundCall, Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { Database } from "@mall/kit/store";
import { until } from "@mall/kit/testing";
import { newMobile, PASSWORD } from "./people.ts";
import { type Clients, type PlacedServices, placeLocally } from "./placements.ts";
import { PRICE } from "./shop.ts";

/** Malls on one database, and a look at what they wrote there. */
export interface OrderShop {
  readonly uid: number;
  /** Of their database. */
  readonly dataSource: string;
  /** One of the two; any number. */
  mall(index: number): Clients;
  putUp(stock: number): Promise<number>;
  /** Orders one piece at the mall of this number. */
  order(pid: number, index?: number): Promise<number>;
  stockOf(pid: number): Promise<number>;
  statusOf(id: number): Promise<number>;
  /** Resolves when no saga and no job of an order is under way. */
  quiet(): Promise<void>;
  /** Unpaid orders as a Go process writes them. */
  writeAsGo(pid: number, count: number): Promise<void>;
  /** As if the order had been written a year ago, and no service knew the branches of its saga any more. */
  growOld(id: number): Promise<void>;
  /** The idempotency keys that have an answer. */
  answeredKeys(): Promise<string[]>;
  /** Every piece is in stock or held by a live order. */
  assertPieces(pid: number, initial: number): Promise<void>;
  stop(): Promise<void>;
}

/** Two malls on a database of their own; `settings` as in placeLocally. */
export async function openOrderShop(
  database: Database,
  dataSource: string,
  settings: object = {},
): Promise<OrderShop> {
  const placed: PlacedServices[] = [];
  for (let count = 0; count < 2; count += 1) placed.push(await placeLocally(dataSource, settings));
  const mall = (index: number): Clients => placed[index % placed.length]?.clients ?? assert.fail();
  const { user, product, order } = mall(0);
  const account = { name: "ving", gender: 1, mobile: newMobile(), password: PASSWORD };
  const { id: uid } = await user.register(backgroundCall(), account);
  const shop: OrderShop = {
    uid,
    dataSource,
    mall,
    putUp: async (stock) =>
      (await product.create(backgroundCall(), { name: "苹果", desc: "", stock, amount: PRICE, status: 0 }))
        .id,
    order: async (pid, index = 0) => {
      const request = { uid, pid, amount: PRICE, status: 0 };
      return (await mall(index).order.create(backgroundCall(), request)).id;
    },
    stockOf: async (pid) => (await product.detail(backgroundCall(), { id: pid })).stock,
    statusOf: async (id) => (await order.detail(backgroundCall(), { id })).status,
    quiet: async () => {
      await until("orders came to rest", async () => (await countOpen(database)) === 0);
    },
    assertPieces: async (pid, initial) => {
      await shop.quiet();
      assert.equal((await shop.stockOf(pid)) + (await piecesHeld(database, pid)), initial);
    },
    writeAsGo: async (pid, count) => {
      const row = { uid, pid, amount: PRICE, status: 0 };
      await database.query.insertInto("order").values(new Array(count).fill(row)).execute();
    },
    growOld: async (id) => {
      const time = database.times.toText(new Date(Date.now() - 365 * 86_400_000));
      const order = database.query.updateTable("order").set({ create_time: time });
      await order.where("id", "=", id).execute();
      await database.query.deleteFrom("barrier").execute();
    },
    answeredKeys: async () => {
      const keys = database.query.selectFrom("idempotency").select("idempotency_key").where("state", "=", 1);
      return (await keys.execute()).map((row) => String(row.idempotency_key));
    },
    stop: async () => {
      for (const { stop } of placed) await stop();
    },
  };
  return shop;
}

/** What a call came to: `done`, or the reason of its refusal. */
export async function endOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof AppError) return error.reason;
    throw error;
  }
}

async function countOpen({ query }: Database): Promise<number> {
  const sagas = await query.selectFrom("saga").select("gid").where("state", "in", [0, 1]).execute();
  const jobs = await query
    .selectFrom("job")
    .select("id")
    .where("queue", "=", "order")
    .where("state", "=", 0)
    .where("kind", "!=", "order.expire")
    .execute();
  return sagas.length + jobs.length;
}

async function piecesHeld({ query }: Database, pid: number): Promise<number> {
  const orders = await query
    .selectFrom("order")
    .select("num")
    .where("pid", "=", pid)
    .where("status", "in", [0, 1])
    .execute();
  return orders.reduce((sum, { num }) => sum + Number(num), 0);
}

/** A call with an idempotency key. */
export function keyed(key: string): Call {
  const idempotency = { key, owner: "user:1" };
  return new Call({ deadline: Date.now() + 10_000, attachments: { idempotency } });
}
