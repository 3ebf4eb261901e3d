import { signToken } from "@mall/kit/rest";
import { systemRuntime } from "@mall/kit/runtime";
import { openDatabase } from "@mall/kit/store";
import { BENCH_AMOUNT, BENCH_SECRET } from "../fill.ts";

/** Who buys, and what there is to buy; ids count from 1. */
export interface Shop {
  readonly users: number;
  readonly products: number;
}

/** More pieces than any run sells. */
const STOCK = 1_000_000_000;
const TOKEN_SECONDS = 24 * 3600;
/** Of a payment gateway, in kit/auth. */
const GATEWAY_ROLE = 3;
const STAFF_ROLE = 1;

/** Fills a database that has the seed's tables, and nothing in them, with people and goods. */
export async function openShop(dataSource: string, { users, products }: Shop): Promise<void> {
  const database = await openDatabase({ dataSource, runtime: systemRuntime });
  const now = database.times.toText(new Date());
  for (let id = 1; id <= users; id += 1) {
    await database.write({
      sql: "INSERT INTO `user` (name, gender, mobile, password, create_time, update_time) VALUES (?, 1, ?, '', ?, ?)",
      parameters: [`user ${id}`, `1${String(id).padStart(10, "0")}`, now, now],
    });
  }
  for (let id = 1; id <= products; id += 1) {
    await database.write({
      sql: "INSERT INTO `product` (name, `desc`, stock, amount, status, create_time, update_time) VALUES (?, 'green', ?, ?, 0, ?, ?)",
      parameters: [`tea ${id}`, STOCK, BENCH_AMOUNT, now, now],
    });
  }
  await database.close();
}

/** The token of a customer. */
export function tokenOf(uid: number): string {
  return sign(uid, 0);
}

/** The token that declares payments paid. */
export function gatewayToken(): string {
  return sign(1, GATEWAY_ROLE);
}

/** The token of somebody who works for the mall. */
export function staffToken(): string {
  return sign(1, STAFF_ROLE);
}

function sign(uid: number, role: number): string {
  const now = Math.floor(Date.now() / 1000);
  return signToken({ secret: BENCH_SECRET, uid, role, now, expireSeconds: TOKEN_SECONDS });
}
