import type { Runtime } from "@mall/kit/runtime";
import type { OrderRow } from "../model/order-model.ts";

const RANDOM_BYTES = 16;

/** The piece of such an order was taken in the transaction that wrote it: no saga stood for it, and no barrier. */
const AT_ONCE = "whole-";

/** Id of a saga that nobody else has, and name of its order. */
export function randomGid(runtime: Runtime, { isAtOnce }: { readonly isAtOnce: boolean }): string {
  const unique = Buffer.from(runtime.randomBytes(RANDOM_BYTES)).toString("hex");
  return `${isAtOnce ? AT_ONCE : "order-"}${unique}`;
}

/** Whether an order of this name took its piece in the transaction that wrote it. */
export function wasAtOnce(gid: string): boolean {
  return gid.startsWith(AT_ONCE);
}

/** A name that no other order had, also before a database was restored, where the order has been given one. */
export function orderName({ id, gid, stockBranch }: OrderRow): string {
  return gid !== null && stockBranch === "" ? gid : `order-${id}`;
}
