import type { MallFiles } from "../nodes/index.ts";

interface ProductRow {
  readonly id: number;
  readonly stock: number;
}

interface OrderRow {
  readonly id: number;
  readonly uid: number;
  readonly pid: number;
  readonly amount: number;
  readonly status: number;
}

interface PayRow {
  readonly id: number;
  readonly uid: number;
  readonly oid: number;
  readonly amount: number;
  readonly source: number;
  readonly status: number;
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
