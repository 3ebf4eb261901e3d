import type { MallFiles } from "../nodes/index.ts";

export interface ProductRow {
  readonly id: number;
  readonly stock: number;
}

export interface OrderRow {
  readonly id: number;
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
  readonly status: number;
}

export interface PayRow {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
  readonly source: number;
  readonly status: number;
}

/** Something that has not come to its end. */
export interface OpenWork {
  readonly service: string;
  readonly what: string;
}

/** What the databases hold, as committed. */
export interface Books {
  readonly products: readonly ProductRow[];
  readonly orders: readonly OrderRow[];
  readonly pays: readonly PayRow[];
}

/** Reads the databases of a mall, past its code. */
export function readBooks({ product, order, pay }: MallFiles): Books {
  return {
    products: product.read<ProductRow>("SELECT id, stock FROM product ORDER BY id"),
    orders: order.read<OrderRow>('SELECT id, uid, pid, amount, status FROM "order" ORDER BY id'),
    pays: pay.read<PayRow>("SELECT id, uid, oid, amount, source, status FROM pay ORDER BY id"),
  };
}

/** Jobs that come again for ever. */
const STANDING = "('order.expire')";

/** What still has to come to its end. */
export function readOpenWork({ order, pay }: MallFiles): OpenWork[] {
  const open = (service: "order" | "pay", sql: string): OpenWork[] =>
    (service === "order" ? order : pay).read<{ what: string }>(sql).map(({ what }) => ({ service, what }));
  const jobs = `SELECT kind || ' ' || payload || ' state ' || state || ' ' || error AS what FROM job
    WHERE state IN (0, 2) AND kind NOT IN ${STANDING}`;
  return [
    ...open("order", jobs),
    ...open("pay", jobs),
    ...open("order", "SELECT 'saga ' || gid AS what FROM saga WHERE state IN (0, 1)"),
    ...open("order", "SELECT 'key ' || idempotency_key AS what FROM idempotency WHERE state = 0"),
    ...open("order", `SELECT 'unpaid order ' || id AS what FROM "order" WHERE status = 0`),
  ];
}
