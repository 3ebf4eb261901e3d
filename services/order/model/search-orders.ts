import { idsBetween, type ScannedPage, type SelectOf, scanNewest } from "@mall/kit/store";
import type { OrderColumns, OrderModelGen, OrderRow } from "./gen/order-model.ts";
import { ORDER_STATUS } from "./order-state.ts";

/** Which orders to find; what is undefined does not matter. */
export interface OrderSearch {
  readonly id?: number | undefined;
  readonly uid?: number | undefined;
  readonly pid?: number | undefined;
  readonly status?: number | undefined;
  /** Created then or later. */
  readonly from?: Date | undefined;
  /** Created before. */
  readonly to?: Date | undefined;
  /** Minor units. */
  readonly amountMin?: number | undefined;
  readonly amountMax?: number | undefined;
  /** Only orders with a smaller id; 0 for the first page. */
  readonly before: number;
  readonly limit: number;
}

type Query = SelectOf<OrderColumns>;

/** A page of orders that were not removed, newest first, in bounded time. */
export async function searchOrders(
  { findMany }: Pick<OrderModelGen, "findMany">,
  search: OrderSearch,
): Promise<ScannedPage<OrderRow>> {
  const { from, to, before, limit } = search;
  const orders = { findMany, timeOf: ({ createTime }: OrderRow) => createTime.getTime() };
  const range = { from: from?.getTime(), to: to?.getTime() };
  const isDated = from !== undefined || to !== undefined;
  const ids = isDated ? await idsBetween<OrderRow, Query>(orders, range) : undefined;
  return scanNewest<OrderRow, Query>(findMany, {
    before,
    limit,
    within: (query) => {
      const indexed = byIndex(query, search);
      return ids === undefined ? indexed : indexed.where("id", ">=", ids.from).where("id", "<", ids.to);
    },
    matching: (query) => byRow(query, search),
  });
}

/** Each of these columns leads to its rows in the order of ids; the first is the narrowest. */
function byIndex(query: Query, { id, uid, pid }: OrderSearch): Query {
  if (id !== undefined) return query.where("id", "=", id);
  if (uid !== undefined) return query.where("uid", "=", uid);
  return pid === undefined ? query : query.where("pid", "=", pid);
}

function byRow(query: Query, search: OrderSearch): Query {
  const { uid, pid, status, from, to, amountMin, amountMax } = search;
  let chosen = query.where("status", "!=", ORDER_STATUS.removed);
  if (uid !== undefined) chosen = chosen.where("uid", "=", uid);
  if (pid !== undefined) chosen = chosen.where("pid", "=", pid);
  if (status !== undefined) chosen = chosen.where("status", "=", status);
  if (amountMin !== undefined) chosen = chosen.where("amount", ">=", amountMin);
  if (amountMax !== undefined) chosen = chosen.where("amount", "<=", amountMax);
  if (from !== undefined) chosen = chosen.where("create_time", ">=", from);
  return to === undefined ? chosen : chosen.where("create_time", "<", to);
}
