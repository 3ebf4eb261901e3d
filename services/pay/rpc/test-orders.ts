import type { Call } from "@mall/kit/call";
import { AppError } from "@mall/kit/errors";
import type { OrderClient } from "@mall/order/rpc";
import { orderAmountMismatch, orderCancelled, orderNotFound, orderRefunded } from "@mall/order/rpc/errors";

/** An order as payments know it. */
export interface TestOrder {
  readonly id: number;
  uid: number;
  amount: number;
  /** 0 unpaid, 1 paid, 2 refunded, 9 cancelled. */
  status: number;
  /** Unix seconds, 0 for none. */
  expireTime: number;
}

/** An order service in memory: its states, one stock for all, and faults on demand. */
export interface TestOrders {
  readonly client: OrderClient;
  /** Pieces that a cancelled order can be brought back with. */
  stock: number;
  /** Whether it looks at what was paid; a Go peer does not. */
  compares: boolean;
  /** What happens to an order before a call changes it. */
  before: ((order: TestOrder) => void) | undefined;
  /** Makes so many of the next calls that change something end without an answer; half of them are carried out. */
  fail(times: number): void;
  /** A new unpaid order. */
  add(order?: Partial<Omit<TestOrder, "id">>): TestOrder;
  /** As if it had never been. */
  remove(id: number): void;
  /** Names of the calls that changed or would have changed something, oldest first. */
  readonly calls: string[];
}

interface Told {
  readonly id: number;
  readonly amount?: number | undefined;
}

export function createTestOrders(): TestOrders {
  const orders = new Map<number, TestOrder>();
  const calls: string[] = [];
  let failing = 0;
  let made = 0;
  const get = (id: number): TestOrder => {
    const order = orders.get(id);
    if (order === undefined) throw orderNotFound();
    return order;
  };
  const change =
    (name: string, work: (order: TestOrder, amount?: number) => void) =>
    async (_call: Call, { id, amount }: Told): Promise<Record<string, never>> => {
      calls.push(`${name} ${id}`);
      world.before?.(get(id));
      failing -= 1;
      if (failing >= 0 && failing % 2 === 0) throw lost();
      work(get(id), amount);
      if (failing >= 0) throw lost();
      return {};
    };
  const compare = (order: TestOrder, amount = order.amount): void => {
    if (world.compares && amount !== order.amount) throw orderAmountMismatch();
  };
  const paid = (order: TestOrder, amount?: number): void => {
    if (order.status === 9) throw orderCancelled();
    if (order.status === 2) throw orderRefunded();
    if (order.status === 0) compare(order, amount);
    order.status = 1;
  };
  const world: Omit<TestOrders, "client"> = {
    stock: 0,
    compares: true,
    before: undefined,
    calls,
    remove: (id) => {
      orders.delete(id);
    },
    fail: (times: number) => {
      failing = times;
    },
    add: (order: Partial<Omit<TestOrder, "id">> = {}): TestOrder => {
      made += 1;
      const added = { id: made, uid: 1, amount: 500, status: 0, expireTime: 0, ...order };
      orders.set(added.id, added);
      return added;
    },
  };
  const client: Partial<OrderClient> = {
    detail: async (_call, { id }) => ({ ...get(id), pid: 1, num: 1 }),
    update: change("cancel", (order) => {
      if (order.status === 1 || order.status === 2) throw conflict();
      order.status = 9;
    }),
    paid: change("paid", paid),
    reopen: change("reopen", (order, amount) => {
      if (order.status !== 9) return paid(order, amount);
      compare(order, amount);
      if (world.stock === 0) throw soldOut();
      world.stock -= 1;
      order.status = 1;
    }),
    refunded: change("refunded", (order) => {
      order.status = 2;
    }),
  };
  // What payments do not use is not there.
  return Object.assign(world, { client: client as OrderClient });
}

function lost(): AppError {
  return new AppError("UNAVAILABLE", "NO_ANSWER", "no answer");
}

function conflict(): AppError {
  return new AppError("ABORTED", "ORDER_STATE_CONFLICT", "订单状态不允许此操作");
}

function soldOut(): AppError {
  return new AppError("ABORTED", "STOCK_INSUFFICIENT", "产品库存不足");
}
