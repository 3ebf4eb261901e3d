import type { RowTransaction } from "@mall/kit/store";
import { newEnd } from "../expiry/order-end.ts";
import type { NewOrderRow } from "../model/order-model.ts";
import { ORDER_STATUS } from "../model/order-state.ts";
import type { ServiceContext } from "../rpc/context.ts";
import type { CreateRequest } from "../rpc/gen/order.ts";

/** One order is for one piece; so says the seed's contract. */
export const PIECES = 1;

/** What names a new order among transactions, as its row keeps it. */
type Names = Pick<NewOrderRow, "gid" | "stockBranch">;

/** Writes an order that was just asked for, unpaid and with its end, and gives its id. */
export async function writeOrder(
  { runtime, expireMs, orderModel, announceEnd }: Omit<ServiceContext, "sagas">,
  tx: RowTransaction,
  { uid, pid, amount }: Pick<CreateRequest, "uid" | "pid" | "amount">,
  names: Names,
): Promise<number> {
  const expireTime = newEnd(runtime, expireMs);
  const row = { uid, pid, amount, status: ORDER_STATUS.unpaid, num: PIECES, expireTime };
  const id = await orderModel.insert({ ...row, ...names }, tx);
  if (expireTime !== null) await announceEnd(tx, { id, endMs: expireTime.getTime() });
  return id;
}
