import type { Cache } from "@mall/kit/cache";
import {
  createBatchedRead,
  type Database,
  type RowTransaction,
  type ScannedPage,
  type Transaction,
} from "@mall/kit/store";
import {
  createOrderModelGen,
  createOrderViewGen,
  type NewOrderRow,
  type OrderModelGen,
  type OrderRow,
} from "./gen/order-model.ts";
import { ORDER_STATUS, type OrderMove, orderMoved } from "./order-state.ts";
import { type OrderSearch, searchOrders } from "./search-orders.ts";

export type { NewOrderRow, OrderRow } from "./gen/order-model.ts";

interface MoveOptions {
  /** The amount the order must have; any amount if left out. */
  readonly amount?: number | undefined;
  /** Columns to change along with the state. */
  readonly changes?: Partial<NewOrderRow>;
  readonly tx?: RowTransaction;
}

/** The columns that decide which moves are allowed, and that a move compares. */
export type OrderState = Pick<OrderRow, "id" | "status" | "reservation">;

interface OrderPage {
  readonly uid: number;
  /** Only orders with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

export interface OrderModel extends OrderModelGen {
  /** An order, unless it was removed. */
  findLive(id: number): Promise<OrderRow | undefined>;
  /** As findLive, with the row locked for this transaction. */
  lockLive(id: number, tx: RowTransaction): Promise<OrderRow | undefined>;
  /** Marks an unpaid order as paid if its amount is `amount` (any if undefined); false if there is no such order. */
  pay(id: number, amount: number | undefined, tx: RowTransaction): Promise<boolean>;
  /** A page of a user's orders that were not removed, newest first. */
  findPageByUid(page: OrderPage): Promise<OrderRow[]>;
  /** A page of all users' orders that were not removed, newest first. */
  search(search: OrderSearch): Promise<ScannedPage<OrderRow>>;
  /** The unpaid orders that expire first, the earliest first; those that never expire are left out. */
  findFirstToExpire(limit: number): Promise<OrderRow[]>;
  /**
   * How many unpaid orders with a `gid` a user has: those whose pieces are returned when they expire. Orders written by
   * a Go process have none, may stay unpaid for ever, and do not count.
   */
  countOpen(uid: number): Promise<number>;
  /** The order with this `gid`, as this transaction sees it. */
  findByGid(gid: string, tx: Transaction): Promise<OrderRow | undefined>;
  /**
   * Moves an order out of the state it was read in. False if the move is not allowed, or if the order's state or
   * reservation has changed since it was read.
   */
  move(order: OrderState, move: OrderMove, options?: MoveOptions): Promise<boolean>;
}

/** Orders as they may be read from the cache. */
export type OrderView = Pick<OrderModel, "findLive">;

/**
 * The order's name in transactions that span services: its `gid` if it was given one of its own, which no other order
 * ever had, not even before the database was restored.
 */
export function orderName({ id, gid, stockBranch }: OrderRow): string {
  return gid !== null && stockBranch === "" ? gid : `order-${id}`;
}

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
    search: (search) => searchOrders(model, search),
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
  // Plain SQL: every new order asks this, and on SQLite building the query would cost more than running it.
  const sql = `SELECT uid, COUNT(*) AS open FROM \`order\` WHERE uid IN (${users.map(() => "?").join(", ")}) AND status = ${ORDER_STATUS.unpaid} AND gid IS NOT NULL GROUP BY uid`;
  const rows = await database.read({ sql, parameters: users });
  const open = new Map(rows.map((row) => [Number(row.uid), Number(row.open)]));
  return uids.map((uid) => open.get(uid) ?? 0);
}

function unlessRemoved(order: OrderRow | undefined): OrderRow | undefined {
  return order?.status === ORDER_STATUS.removed ? undefined : order;
}
