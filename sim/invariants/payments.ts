import type { Books } from "./books.ts";
import { ORDER, PAY } from "./order-status.ts";
import { Violation } from "./violation.ts";

/** An order has one payment. */
export function checkOnePayPerOrder({ pays }: Books): void {
  const seen = new Set<number>();
  for (const { id, oid } of pays) {
    if (seen.has(oid)) {
      throw new Violation("one payment per order", `payment ${id} is another one of order ${oid}`);
    }
    seen.add(oid);
  }
}

/** In the end an order is paid if and only if its payment is. */
export function checkPaidTogether({ orders, pays }: Books): void {
  for (const { id, status } of orders) {
    const pay = pays.find(({ oid }) => oid === id);
    const isPaid = pay?.status === PAY.paid || pay?.status === PAY.partlyRefunded;
    if ((status === ORDER.paid) !== isPaid) {
      throw new Violation(
        "paid together",
        `order ${id} is in state ${status}, its payment in ${pay?.status}`,
      );
    }
  }
}
