import type { DetailResponse, UpdateRequest } from "@mall/product/api";

/** What somebody may write about a product. */
export type ProductDraft = Pick<DetailResponse, "name" | "desc" | "amount" | "status">;

/**
 * The request that saves what a draft changes of a product, and nothing else. Each value goes with what it was when it
 * was read: where somebody else has changed the same meanwhile, the mall refuses all of it. Undefined where the draft
 * changes nothing.
 */
export function changesOf(product: DetailResponse, draft: ProductDraft): UpdateRequest | undefined {
  const { name, desc, amount, status } = draft;
  const changes = {
    ...(name !== product.name && { name, expectedName: product.name }),
    ...(desc !== product.desc && { desc, expectedDesc: product.desc }),
    ...(amount !== product.amount && { amount, expectedAmount: product.amount }),
    ...(status !== product.status && { status, expectedStatus: product.status }),
  };
  return Object.keys(changes).length === 0 ? undefined : { id: product.id, ...changes };
}
