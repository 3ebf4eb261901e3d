import type { Account } from "../actors/index.ts";
import type { Books } from "./books.ts";
import { Violation } from "./violation.ts";

const PAID = 1;
const CANCELLED = 9;
const REMOVED = 10;

/** What must be so at every moment, whatever is under way. */
export function checkAlways(books: Books, account: Account, initialStock: ReadonlyMap<number, number>): void {
  for (const wrong of account.wrong) throw new Violation("answers", wrong);
  checkOnePayPerOrder(books);
  checkStockNeverOversold(books, initialStock);
}

function checkOnePayPerOrder({ pays }: Books): void {
  const seen = new Set<number>();
  for (const { id, oid } of pays) {
    if (seen.has(oid))
      throw new Violation("one payment per order", `payment ${id} is another one of order ${oid}`);
    seen.add(oid);
  }
}

function checkStockNeverOversold(
  { products, orders }: Books,
  initialStock: ReadonlyMap<number, number>,
): void {
  for (const { id, stock } of products) {
    const held = orders.filter(
      ({ pid, status }) => pid === id && status !== CANCELLED && status !== REMOVED,
    ).length;
    const initial = initialStock.get(id) ?? 0;
    if (stock < 0 || stock + held > initial) {
      throw new Violation("stock", `product ${id}: ${stock} in stock and ${held} ordered of ${initial}`);
    }
  }
}

/** What must be so once everything has ended: what was acknowledged is there. */
export function checkAcknowledged({ orders, pays }: Books, account: Account): void {
  for (const known of account.orders) {
    const row = orders.find(({ id }) => id === known.id);
    if (row?.uid !== known.uid || row.pid !== known.pid) {
      throw new Violation("acknowledged", `order ${known.id} is ${JSON.stringify(row)}`);
    }
  }
  for (const known of account.pays) {
    const row = pays.find(({ id }) => id === known.id);
    if (row?.uid !== known.uid || row.oid !== known.oid) {
      throw new Violation("acknowledged", `payment ${known.id} is ${JSON.stringify(row)}`);
    }
  }
  for (const { id, oid } of account.calledBack) {
    const pay = pays.find((row) => row.id === id);
    const order = orders.find((row) => row.id === oid);
    if (pay?.status !== PAID || order?.status !== PAID) {
      throw new Violation(
        "acknowledged",
        `payment ${id} was called back; it is ${pay?.status}, its order ${order?.status}`,
      );
    }
  }
}
