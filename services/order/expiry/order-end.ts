import type { Runtime } from "@mall/kit/runtime";
import type { RowTransaction } from "@mall/kit/store";
import type { OrderRow } from "../model/order-model.ts";

const SECOND_MS = 1000;

/**
 * Until when a new order may be paid, in whole seconds, as the column holds no less and some servers round and others
 * cut; null for an order without an end.
 */
export function newEnd(runtime: Runtime, expireMs: number): Date | null {
  if (expireMs === 0) return null;
  return new Date(Math.ceil((runtime.now() + expireMs) / SECOND_MS) * SECOND_MS);
}

/** Until when an order may be paid, milliseconds since the epoch; Infinity for no end. */
export function endMs({ expireTime }: OrderRow): number {
  return expireTime === null ? Number.POSITIVE_INFINITY : expireTime.getTime();
}

/** An order and its end, milliseconds since the epoch. */
export type OrderEnd = { readonly id: number; readonly endMs: number };

/** Has somebody else call an order's end too, in the transaction that writes the order. */
export type AnnounceEnd = (tx: RowTransaction, end: OrderEnd) => Promise<void>;

/** Where nobody else is there, the service's own look for ends is all. */
export const announceToNobody: AnnounceEnd = async () => {};
