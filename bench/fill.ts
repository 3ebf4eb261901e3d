import { signToken } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { migrateToLatest, openDatabase } from "@mall/kit/store";
import { MIGRATIONS } from "../cli/migrations.ts";
import { createOrderModelGen } from "../services/order/model/gen/order-model.ts";
import { createPayModelGen } from "../services/pay/model/gen/pay-model.ts";
import { createUserModelGen } from "../services/user/model/gen/user-model.ts";

export const BENCH_SECRET = "bench-secret-of-thirty-two-bytes";
export const BENCH_AMOUNT = 500;
const USERS = 1000;
/** Rows inserted at a time: as many as the store puts into one statement, so that ids follow the order of the rows. */
const CHUNK = 64;
const TOKEN_SECONDS = 24 * 3600;

/** What the shots are made of. */
export interface Filled {
  /** Tokens by uid; index 0 is unused. */
  readonly tokens: readonly string[];
  readonly orders: number;
  /** Payments made beforehand, for detail: id = order id. */
  readonly pays: number;
}

/** The uid that an order of `fill` belongs to. */
export function ownerOf(oid: number): number {
  return (oid % USERS) + 1;
}

/**
 * Fills a fresh database with users and unpaid orders, and with the payments of the first `pays` orders.
 * Ids count from 1.
 */
export async function fill(dataSource: string, orders: number, pays: number): Promise<Filled> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  for (const set of MIGRATIONS) await migrateToLatest(database, set);
  const users = createUserModelGen(database);
  await inChunks(USERS, (id) =>
    users.insert({ name: `user ${id}`, mobile: `1${String(id).padStart(10, "0")}` }),
  );
  const orderModel = createOrderModelGen(database);
  await inChunks(orders, (id) => orderModel.insert({ uid: ownerOf(id), pid: 1, amount: BENCH_AMOUNT }));
  const payModel = createPayModelGen(database);
  await inChunks(pays, (id) => payModel.insert({ uid: ownerOf(id), oid: id, amount: BENCH_AMOUNT }));
  await database.close();
  return { tokens: makeTokens(), orders, pays };
}

async function inChunks(count: number, insert: (id: number) => Promise<unknown>): Promise<void> {
  for (let first = 1; first <= count; first += CHUNK) {
    const last = Math.min(first + CHUNK - 1, count);
    await Promise.all(Array.from({ length: last - first + 1 }, (_, index) => insert(first + index)));
  }
}

function makeTokens(): string[] {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: USERS + 1 }, (_, uid) =>
    signToken({ secret: BENCH_SECRET, uid, role: 0, now, expireSeconds: TOKEN_SECONDS }),
  );
}
