import type { WriteOptions } from "@mall/kit/rest";
import type { Person } from "./people.ts";

/** The price of every product that `putUp` makes, fen. */
export const PRICE = 500;

/** Puts a product up. */
export async function putUp(staff: Person, stock: number, options?: WriteOptions): Promise<number> {
  const apples = { name: "苹果", desc: "又大又圆", stock, amount: PRICE, status: 0 };
  const { id } = await staff.product.create(apples, options);
  return id;
}

/** Orders one piece of a product for oneself. */
export async function orderOne(customer: Person, pid: number, options?: WriteOptions): Promise<number> {
  const { id } = await customer.order.create({ uid: customer.uid, pid, amount: PRICE }, options);
  return id;
}

/** Opens the payment of an order. */
export async function openPay(customer: Person, oid: number, options?: WriteOptions): Promise<number> {
  const { id } = await customer.pay.create({ uid: customer.uid, oid, amount: PRICE }, options);
  return id;
}

/** What a gateway posts when a payment succeeded. */
export function success(ids: { id: number; uid: number; oid: number }) {
  return { ...ids, amount: PRICE, source: 1 as const, status: 1 };
}
