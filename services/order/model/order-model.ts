import type { Cache } from "@mall/kit/cache";
import { createBatchedRead, type Database, type RowTransaction, type Transaction } from "@mall/kit/store";
import {
  createOrderModelGen,
  createOrderViewGen,
  type NewOrderRow,
  type OrderModelGen,
  type OrderRow,
} from "./gen/order-model.ts";
import { ORDER_STATUS, type OrderMove, orderMoved } from "./order-state.ts";

export type { NewOrderRow, OrderRow } from "./gen/order-model.ts";

interface MoveOptions {
  /** What the order must cost; whatever it costs where it is left out. */
  readonly amount?: number | undefined;
  /** What else is changed with the state. */
  readonly changes?: Partial<NewOrderRow>;
  readonly tx?: RowTransaction;
}

/** What decides where an order may move. */
export type OrderState = Pick<OrderRow, "id" | "status" | "reservation">;

interface OrderPage {
  readonly uid: number;
  /** Only orders with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface OrderModel extends OrderModelGen {
  /** An order that was not removed. */
  findLive(id: number): Promise<OrderRow | undefined>;
  /** As findLive, for this transaction alone. */
  lockLive(id: number, tx: RowTransaction): Promise<OrderRow | undefined>;
  /** Makes an unpaid order paid that costs `amount`, or whatever it costs; false where it is not such an order. */
  pay(id: number, amount: number | undefined, tx: RowTransaction): Promise<boolean>;
  /** A user's orders that were not removed, newest first. */
  findPageByUid(page: OrderPage): Promise<OrderRow[]>;
  /** The unpaid orders that end first, in that order; those without an end are not among them. */
  findFirstToExpire(limit: number): Promise<OrderRow[]>;
  /**
   * How many unpaid orders the user has that a saga wrote, whose pieces come back at their end. Those of Go processes
   * stay unpaid for ever and do not count.
   */
  countOpen(uid: number): Promise<number>;
  /** The order that a saga wrote, as this transaction sees it. */
  findByGid(gid: string, tx: Transaction): Promise<OrderRow | undefined>;
  /**
   * Moves an order out of the state it was read in; false where it has moved meanwhile or may not. Whoever holds
   * pieces when it is read must still hold the same ones.
   */
  move(order: OrderState, move: OrderMove, options?: MoveOptions): Promise<boolean>;
}

/** Orders for questions. */
export type OrderView = Pick<OrderModel, "findLive">;

export function createOrderView(database: Database, cache: Cache | undefined): OrderView {
  const view = createOrderViewGen(database, cache);
  return { findLive: async (id) => unlessRemoved(await view.findOne(id)) };
}

export function createOrderModel(database: Database, cache?: Cache): OrderModel {
  const model = createOrderModelGen(database, cache);
  return {
    ...model,
    findLive: async (id) => unlessRemoved(await model.findOne(id)),
    lockLive: async (id, tx) => unlessRemoved(await model.lockOne(id, tx)),
    pay: (id, amount, tx) => {
      const expect = { status: ORDER_STATUS.unpaid, ...(amount !== undefined && { amount }) };
      return model.update(id, { status: ORDER_STATUS.paid }, { expect, tx });
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
    findFirstToExpire: (limit) =>
      model.findMany((query) =>
        query
          .where("status", "=", ORDER_STATUS.unpaid)
          .where("expire_time", "is not", null)
          .orderBy("expire_time")
          .limit(limit),
      ),
    countOpen: createBatchedRead(database, (uids) => countOpen(database, uids)),
    findByGid: async (gid, tx) => (await model.findMany((query) => query.where("gid", "=", gid), tx))[0],
    move: async (order, move, { amount, changes, tx } = {}) => {
      const status = orderMoved(order.status, move);
      if (status === undefined) return false;
      const { status: from, reservation } = order;
      const expect = { status: from, reservation, ...(amount !== undefined && { amount }) };
      return model.update(order.id, { ...changes, status }, { expect, ...(tx && { tx }) });
    },
  };
}

async function countOpen(database: Database, uids: readonly number[]): Promise<number[]> {
  const users = [...new Set(uids)];
  // As text, since each order asks it, and building the query costs more than its answer does on SQLite.
  const sql = `SELECT uid, COUNT(*) AS open FROM \`order\` WHERE uid IN (${users.map(() => "?").join(", ")}) AND status = ${ORDER_STATUS.unpaid} AND gid IS NOT NULL GROUP BY uid`;
  const rows = await database.read({ sql, parameters: users });
  const open = new Map(rows.map((row) => [Number(row.uid), Number(row.open)]));
  return uids.map((uid) => open.get(uid) ?? 0);
}

function unlessRemoved(order: OrderRow | undefined): OrderRow | undefined {
  return order?.status === ORDER_STATUS.removed ? undefined : order;
}
