import type { RowTransaction, Transaction } from "@mall/kit/store";
import type { ServiceContext } from "./context.ts";

/** Does work in the transaction that keeps its answer for a key, or in one of its own where there is no key. */
export function inTransaction<T>(
  { database }: Pick<ServiceContext, "database">,
  own: Transaction | undefined,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return own === undefined ? database.transaction(work) : work(own);
}

/**
 * As inTransaction, for work that changes rows one by one: without a key it may share its transaction with others',
 * unless it is followed by a message of DTM's, which has a statement of its own in it.
 */
export function inSharedTransaction<T>(
  { database }: Pick<ServiceContext, "database">,
  { own, isFollowed }: { readonly own: Transaction | undefined; readonly isFollowed: boolean },
  work: (tx: RowTransaction) => Promise<T>,
): Promise<T> {
  if (own !== undefined) return work(own);
  return isFollowed ? database.transaction(work) : database.share(work);
}
