import type { Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** Does work in the transaction that keeps its answer for a key, or in one of its own where there is no key. */
export function inTransaction<T>(
  { database }: Pick<ServiceContext, "database">,
  own: Transaction | undefined,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return own === undefined ? database.transaction(work) : work(own);
}
