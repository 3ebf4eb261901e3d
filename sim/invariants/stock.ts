import type { Books } from "./books.ts";
import { holdsPieces } from "./order-status.ts";
import { Violation } from "./violation.ts";

/** Never more pieces in stock and ordered than there were. */
export function checkStockAlways(books: Books, initial: ReadonlyMap<number, number>): void {
  for (const { id, stock, held, of } of countStock(books, initial)) {
    if (stock < 0 || stock + held > of) {
      throw new Violation("stock", `product ${id}: ${stock} in stock and ${held} ordered of ${of}`);
    }
  }
}

/** In the end, exactly as many as there were. */
export function checkStockAtEnd(books: Books, initial: ReadonlyMap<number, number>): void {
  for (const { id, stock, held, of } of countStock(books, initial)) {
    if (stock + held !== of) {
      throw new Violation(
        "stock at the end",
        `product ${id}: ${stock} in stock and ${held} ordered of ${of}`,
      );
    }
  }
}

function countStock({ products, orders }: Books, initial: ReadonlyMap<number, number>) {
  return products.map(({ id, stock }) => ({
    id,
    stock,
    held: orders.filter(({ pid, status }) => pid === id && holdsPieces(status)).length,
    of: initial.get(id) ?? 0,
  }));
}
