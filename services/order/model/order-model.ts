import type { Cache } from "@mall/kit/cache";
import type { Database } from "@mall/kit/store";
import { createOrderModelGen, type OrderModelGen, type OrderRow } from "./gen/order-model.ts";
import { ORDER_STATUS, orderMayMove } from "./order-state.ts";

export type { OrderRow } from "./gen/order-model.ts";

interface OrderPage {
  readonly uid: number;
  /** Only orders with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface OrderModel extends OrderModelGen {
  /** An order that was not removed. */
  findLive(id: number): Promise<OrderRow | undefined>;
  /** A user's orders that were not removed, newest first. */
  findPageByUid(page: OrderPage): Promise<OrderRow[]>;
  /** Moves an order from the state it was read in to another; false where it has moved meanwhile or may not. */
  move(order: OrderRow, status: number): Promise<boolean>;
}

export function createOrderModel(database: Database, cache?: Cache): OrderModel {
  const model = createOrderModelGen(database, cache);
  return {
    ...model,
    findLive: async (id) => {
      const order = await model.findOne(id);
      return order?.status === ORDER_STATUS.removed ? undefined : order;
    },
    findPageByUid: ({ uid, before, limit }) =>
      model.findMany((query) => {
        const orders = query
          .where("uid", "=", uid)
          .where("status", "!=", ORDER_STATUS.removed)
          .orderBy("id", "desc")
          .limit(limit);
        return before > 0 ? orders.where("id", "<", before) : orders;
      }),
    move: async (order, status) =>
      orderMayMove(order.status, status) &&
      model.update(order.id, { status }, { expect: { status: order.status } }),
  };
}
