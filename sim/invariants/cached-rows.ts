import type { Books } from "./books.ts";
import { Violation } from "./violation.ts";

/** What is cached, texts by their keys. */
export type CachedTexts = ReadonlyMap<string, string>;

/** A row's entry: go-zero's JSON of it. */
const ENTRY = /^cache:(order|pay|product):id:(\d+)$/;

/**
 * Once everybody reaches Redis again, what it holds is what the database says: nobody has forgotten a delete that
 * failed. A process that died may have, so this is so only where none did.
 */
export function checkCachedRows({ orders, pays, products }: Books, cached: CachedTexts): void {
  for (const [key, text] of cached) {
    const [, table, id] = ENTRY.exec(key) ?? [];
    if (table === undefined || text === "") continue;
    const entry: object = JSON.parse(text);
    const isOf = (row: { readonly id: number }): boolean => row.id === Number(id);
    const [field, now] =
      table === "product"
        ? (["Stock", products.find(isOf)?.stock] as const)
        : (["Status", (table === "pay" ? pays : orders).find(isOf)?.status] as const);
    const said: unknown = Reflect.get(entry, field);
    if (said !== now) throw new Violation("cached rows", `${key} says ${field} ${said}, the database ${now}`);
  }
}
