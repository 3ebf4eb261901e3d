import type { Books } from "./books.ts";
import { holdsPieces } from "./states.ts";
import { Violation } from "./violation.ts";

/** How many pieces of a product there are altogether, by its id. */
export type PiecesOf = (pid: number) => number;

/** Never more pieces in stock and ordered than there were. */
export function checkStockAlways(books: Books, piecesOf: PiecesOf): void {
  for (const { id, stock, held, of } of countStock(books, piecesOf)) {
    if (stock < 0 || stock + held > of) {
      throw new Violation("stock", `product ${id}: ${stock} in stock and ${held} ordered of ${of}`);
    }
  }
}

/** In the end, exactly as many as there were. */
export function checkStockAtEnd(books: Books, piecesOf: PiecesOf): void {
  for (const { id, stock, held, of } of countStock(books, piecesOf)) {
    if (stock + held !== of) {
      throw new Violation(
        "stock at the end",
        `product ${id}: ${stock} in stock and ${held} ordered of ${of}`,
      );
    }
  }
}

function countStock({ products, orders }: Books, piecesOf: PiecesOf) {
  return products.map(({ id, stock }) => ({
    id,
    stock,
    held: orders.filter(({ pid, status }) => pid === id && holdsPieces(status)).length,
    of: piecesOf(id),
  }));
}
